internal import Domain

extension SettingValues {
    /// The settings that rotation goes by.
    var rotationPolicy: RotationPolicy {
        RotationPolicy(
            period: agentTokenRotationPeriod,
            grace: agentTokenGracePeriod,
            offlineAllowance: agentOfflineAllowance,
            acknowledgementTimeout: rotationAckTimeout,
            checkInterval: rotationCheckInterval
        )
    }
}
