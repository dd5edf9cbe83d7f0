using System.CommandLine;

namespace Sharing.Terminal;

/// <summary>What is wrong with a command line: one thing, and what was probably meant.</summary>
static class UsageFault
{
    const int MostSlips = 2;

    public static (string Message, string Hint) Of(ParseResult result)
    {
        var command = result.CommandResult.Command;
        var isRoot = command is RootCommand;
        var see = isRoot ? "See: sharing --help" : $"See: sharing {command.Name} --help";
        if (result.UnmatchedTokens is not [var wrong, ..])
        {
            return (result.Errors[0].Message, see);
        }

        var isOption = wrong.StartsWith('-');
        IEnumerable<string> names = isOption ? OptionsOf(command) : command.Subcommands.Select(known => known.Name);
        var what = isOption ? "option" : isRoot ? "command" : "argument";
        var meant = names.Where(name => name.StartsWith(wrong, StringComparison.Ordinal) || Slips(wrong, name) <= MostSlips)
            .OrderByDescending(name => name.StartsWith(wrong, StringComparison.Ordinal)).ThenBy(name => Slips(wrong, name)).FirstOrDefault();
        return ($"Unrecognized {what} '{wrong}'.", meant is null ? see : $"Did you mean '{meant}'? {see}");
    }

    static IEnumerable<string> OptionsOf(Command command) =>
        command.Options.Concat(command.Parents.OfType<Command>().SelectMany(parent => parent.Options.Where(option => option.Recursive))).Select(option => option.Name);

    /// <summary>How many letters were left out, put in or mistaken (Levenshtein 1966).</summary>
    static int Slips(string said, string meant)
    {
        var before = Enumerable.Range(0, meant.Length + 1).ToArray();
        for (var i = 1; i <= said.Length; i++)
        {
            var now = new int[meant.Length + 1];
            now[0] = i;
            for (var j = 1; j <= meant.Length; j++)
            {
                now[j] = Math.Min(Math.Min(before[j], now[j - 1]) + 1, before[j - 1] + (said[i - 1] == meant[j - 1] ? 0 : 1));
            }

            before = now;
        }

        return before[^1];
    }
}
