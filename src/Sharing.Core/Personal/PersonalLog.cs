using Microsoft.Extensions.Logging;

namespace Sharing.Core;

/// <summary>The log messages of exports and erasures: ids 2900 to 2999. They name nobody.</summary>
static partial class PersonalLog
{
    [LoggerMessage(2900, LogLevel.Error, "Erasing somebody's {Part} failed; it is tried again")]
    public static partial void PartFailed(ILogger logger, string part, Exception error);
}
