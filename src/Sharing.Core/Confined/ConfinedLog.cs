using Microsoft.Extensions.Logging;

namespace Sharing.Core;

/// <summary>The log messages of confined programs: ids 1300 to 1399.</summary>
static partial class ConfinedLog
{
    [LoggerMessage(1300, LogLevel.Error, "Programs cannot be confined here: {Reason}")]
    public static partial void Unable(ILogger logger, string reason);
}
