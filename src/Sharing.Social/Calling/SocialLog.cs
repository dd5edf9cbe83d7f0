using Microsoft.Extensions.Logging;

namespace Sharing.Social;

/// <summary>The log messages of real networks: ids 2800 to 2899.</summary>
static partial class SocialLog
{
    [LoggerMessage(2801, LogLevel.Warning, "Fediverse: a delivery to {Host} was given up: {Reason}")]
    public static partial void DeliveryGivenUp(ILogger logger, string host, string reason);

    [LoggerMessage(2802, LogLevel.Information, "Fediverse: an activity was not taken: {Reason}")]
    public static partial void NotTaken(ILogger logger, string reason);
}
