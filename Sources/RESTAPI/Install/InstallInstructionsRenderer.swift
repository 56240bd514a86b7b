import ClavigerWire
import ControlPlane
import Domain

/// Ready instructions for a new agent, with the configured `public_url` and its install token (AGT-2).
///
/// The token stands in each of them as an environment assignment or as a Secret's value, never in an argument or URL.
struct InstallInstructionsRenderer: Sendable {
    let publicURL: String
    /// The setting `agent_image`.
    let image: String

    func instructions(for grant: InstallTokenGrant) -> InstallInstructions {
        instructions(token: grant.token.revealed(), slug: grant.agent.agent.profile.slug)
    }

    func instructions(token: String, slug: String) -> InstallInstructions {
        InstallInstructions(
            native: NativeInstall(
                command: "curl -fsSL '\(publicURL)/install.sh' | CLAVIGER_INSTALL_TOKEN='\(token)' sh",
                systemdUnit: SystemdUnit.text()
            ),
            docker: docker(token: token, slug: slug),
            kubernetes: KubernetesInstall(
                manifest: manifest(token: token, slug: slug),
                command: "kubectl apply -f claviger-agent.yaml"
            )
        )
    }

    // The state stands below the volume's root, which may belong to another user and be open to its group; the daemon
    // makes its own directory there, 0700.
    private func docker(token: String, slug: String) -> DockerInstall {
        DockerInstall(
            command: """
                CLAVIGER_INSTALL_TOKEN='\(token)' CLAVIGER_SERVER='\(publicURL)' docker run -d --restart unless-stopped \
                --name claviger-agent-\(slug) -e CLAVIGER_INSTALL_TOKEN -e CLAVIGER_SERVER \
                -e CLAVIGER_AGENT_STATE_DIR=/var/lib/claviger-agent/state \
                -v claviger-agent-\(slug):/var/lib/claviger-agent \(image) run
                """,
            compose: """
                services:
                  claviger-agent:
                    image: \(image)
                    command: run
                    restart: unless-stopped
                    environment:
                      CLAVIGER_SERVER: "\(publicURL)"
                      CLAVIGER_INSTALL_TOKEN: "\(token)"
                      CLAVIGER_AGENT_STATE_DIR: /var/lib/claviger-agent/state
                    volumes:
                      - claviger-agent-\(slug):/var/lib/claviger-agent
                volumes:
                  claviger-agent-\(slug):

                """
        )
    }

    private func manifest(token: String, slug: String) -> String {
        """
        apiVersion: v1
        kind: Secret
        metadata:
          name: claviger-agent-\(slug)
        stringData:
          install-token: "\(token)"
        ---
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: claviger-agent-\(slug)
        spec:
          serviceName: claviger-agent-\(slug)
          replicas: 1
          selector:
            matchLabels:
              app: claviger-agent-\(slug)
          template:
            metadata:
              labels:
                app: claviger-agent-\(slug)
            spec:
              securityContext:
                runAsNonRoot: true
                runAsUser: 65532
                fsGroup: 65532
              containers:
                - name: claviger-agent
                  image: \(image)
                  args: ["run"]
                  env:
                    - name: CLAVIGER_SERVER
                      value: "\(publicURL)"
                    - name: CLAVIGER_AGENT_STATE_DIR
                      value: /var/lib/claviger-agent/state
                    - name: CLAVIGER_INSTALL_TOKEN
                      valueFrom:
                        secretKeyRef:
                          name: claviger-agent-\(slug)
                          key: install-token
                  volumeMounts:
                    - name: state
                      mountPath: /var/lib/claviger-agent
          volumeClaimTemplates:
            - metadata:
                name: state
              spec:
                accessModes: ["ReadWriteOnce"]
                resources:
                  requests:
                    storage: 16Mi

        """
    }
}
