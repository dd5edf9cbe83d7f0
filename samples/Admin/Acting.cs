using System.CommandLine;
using Npgsql;

namespace Sharing.Admin;

/// <summary>Exit codes, and faults in words.</summary>
static class Acting
{
    public const int Ok = 0, Found = 1, Failed = 2;

    public static void SetCheckedAction(this Command command, Func<ParseResult, CancellationToken, Task<int>> act) => command.SetAction(async (parsed, cancellationToken) =>
    {
        try
        {
            return await act(parsed, cancellationToken);
        }
        catch (Exception fault) when (fault is SharingException or IOException or UnauthorizedAccessException or NpgsqlException or ArgumentException)
        {
            await Console.Error.WriteLineAsync(fault.Message);
            return Failed;
        }
    });
}
