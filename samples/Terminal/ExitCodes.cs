using Sharing.Core;

namespace Sharing.Terminal;

/// <summary>How a command ended, for scripts.</summary>
static class ExitCodes
{
    public const int Ok = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int NotFound = 3;
    public const int NotAllowed = 4;
    public const int Network = 5;
    public const int Interrupted = 130;

    public const string Help =
        "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 no such thing, 4 not signed in or not allowed,\n"
        + "            5 a server or the network does not answer, 130 interrupted.";

    /// <summary>The exit code of a problem.</summary>
    public static int Of(string code) => code switch
    {
        ProblemCodes.InvalidInput => Usage,
        ProblemCodes.NotFound or ProblemCodes.RoleNotHere => NotFound,
        ProblemCodes.SignInRequired or ProblemCodes.NotAllowed => NotAllowed,
        ProblemCodes.FetchFailed or ProblemCodes.NoSource => Network,
        _ => Failed,
    };
}
