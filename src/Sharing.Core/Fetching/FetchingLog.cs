using Microsoft.Extensions.Logging;

namespace Sharing.Core;

/// <summary>The log messages of fetching: ids 1100 to 1199.</summary>
static partial class FetchingLog
{
    [LoggerMessage(1100, LogLevel.Warning, "Fetching {Address} is refused: {Reason}")]
    public static partial void Refused(ILogger logger, string address, string reason);

    [LoggerMessage(1101, LogLevel.Warning, "Fetching {Address} failed: {Reason}")]
    public static partial void Failed(ILogger logger, string address, string reason);

    [LoggerMessage(1102, LogLevel.Information, "Fetching {Address}: attempt {Attempt} ended with {Outcome}; the next is in {Delay}")]
    public static partial void Retrying(ILogger logger, string address, int attempt, string outcome, TimeSpan delay);
}
