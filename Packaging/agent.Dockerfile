# The agent daemon as an image: the static program of this checkout, and nothing else that is Claviger's.
#
#   Scripts/build-agent-image [IMAGE]      builds the program and then this
#
# The user is the one of the rendered Kubernetes manifest. The base has glibc 2.36 (the daemon needs 2.35), the system's
# certificate authorities, and no shell. Another base is taken with --build-arg BASE=…, such as debian:bookworm-slim.
ARG BASE=gcr.io/distroless/cc-debian12:nonroot

# A named volume takes over owner and mode of the folder it is first mounted on.
FROM debian:bookworm-slim AS layout
RUN install -d -m 0700 -o 65532 -g 65532 /layout/var/lib/claviger-agent

FROM ${BASE}
# The architecture as `uname -m` names it.
ARG ARCHITECTURE=x86_64
COPY --from=layout --chown=65532:65532 /layout/var/lib/claviger-agent /var/lib/claviger-agent
COPY --chmod=0755 claviger-agent-${ARCHITECTURE} /usr/local/bin/claviger-agent
USER 65532:65532
VOLUME /var/lib/claviger-agent
ENV CLAVIGER_AGENT_STATE_DIR=/var/lib/claviger-agent/state
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/local/bin/claviger-agent"]
CMD ["run"]
