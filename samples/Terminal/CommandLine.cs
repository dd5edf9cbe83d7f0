using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Sharing.Terminal.Commands;

namespace Sharing.Terminal;

/// <summary>The <c>sharing</c> command: its commands, its help, and how each end becomes an exit code.</summary>
static class CommandLine
{
    static readonly TimeSpan TimeToStop = TimeSpan.FromSeconds(20);

    public static async Task<int> RunAsync(string[] args)
    {
        var result = Root().Parse(args);
        if (result.Errors.Count > 0 && result.Action is ParseErrorAction)
        {
            var (message, hint) = UsageFault.Of(result);
            return Fault(args.Contains("--json"), "usage", message, ExitCodes.Usage, hint);
        }

        return await result.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeToStop });
    }

    /// <summary>Gives a command its action; examples are shown below its help.</summary>
    public static Command Does(this Command command, Func<Shell, ParseResult, CancellationToken, Task<int>> act)
    {
        command.SetAction(async (parse, cancellationToken) =>
        {
            var shell = new Shell(parse);
            try
            {
                await using (shell)
                {
                    return await act(shell, parse, cancellationToken);
                }
            }
            catch (Exception e)
            {
                return Fault(shell, parse, e, cancellationToken);
            }
        });
        return command;
    }

    /// <summary>What is said when a thing is not there.</summary>
    public static SharingException Missing(string what) => new(ProblemCodes.NotFound, $"There is no {what}, or it is not for you.");

    static RootCommand Root()
    {
        var root = new RootCommand("Downloads, and shares what it downloads with friends and followers.");
        root.Add(Shell.Data);
        root.Add(Shell.AsJson);
        root.Add(Shell.Verbose);
        Command[] commands =
        [
            SetupCommand.Make(), .. DownloadCommands.Make(), GetCommand.Make(), RunCommand.Make(), ShareCommand.Make(),
            ShareFolderCommand.Make(), SeedCommand.Make(), .. SharedFileCommands.Make(), .. PostCommands.Make(), .. NetworkCommands.Make(), .. FeedCommands.Make(), .. PeopleCommands.Make(),
            .. RadarCommands.Make(), AppCommands.Make(), PhotoCommands.Make(), .. MessageCommands.Make(),
        ];
        foreach (var command in commands)
        {
            root.Add(command);
        }

        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((SynchronousCommandLineAction)help.Action!);
        return root;
    }

    static int Fault(Shell shell, ParseResult parse, Exception error, CancellationToken cancellationToken)
    {
        if (parse.GetValue(Shell.Verbose))
        {
            Console.Error.WriteLine(error);
        }

        return error switch
        {
            OperationCanceledException when cancellationToken.IsCancellationRequested =>
                Fault(shell.Json, "interrupted", "Interrupted.", ExitCodes.Interrupted),
            SharingException { Code: ProblemCodes.SignInRequired } =>
                Fault(shell.Json, ProblemCodes.SignInRequired, "The server does not know this terminal's token.", ExitCodes.NotAllowed, "See: sharing setup --help"),
            SharingException e => Fault(shell.Json, e.Code, e.Message.Length > 0 ? e.Message : "That did not work.", ExitCodes.Of(e.Code)),
            HttpRequestException { StatusCode: System.Net.HttpStatusCode.Unauthorized or System.Net.HttpStatusCode.Forbidden } e =>
                Fault(shell.Json, ProblemCodes.NotAllowed, e.Message, ExitCodes.NotAllowed),
            HttpRequestException e => Fault(shell.Json, ProblemCodes.FetchFailed, $"A server does not answer: {e.Message}", ExitCodes.Network),
            IOException or UnauthorizedAccessException => Fault(shell.Json, ProblemCodes.Internal, error.Message, ExitCodes.Failed),
            _ => Fault(shell.Json, ProblemCodes.Internal, $"Something went wrong: {error.Message}", ExitCodes.Failed, "With --verbose it says more."),
        };
    }

    /// <summary>Says what went wrong, to a person with a hint what to do.</summary>
    /// <returns>The exit code.</returns>
    public static int Fault(bool json, string code, string message, int exit, string? hint = null)
    {
        if (json)
        {
            Shell.PrintJson(new { error = new { code, message } });
        }
        else
        {
            Console.Error.WriteLine("sharing: " + Output.Plain(message));
            if (hint is not null)
            {
                Console.Error.WriteLine(hint);
            }
        }

        return exit;
    }

    sealed class HelpWithExamples(SynchronousCommandLineAction help) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            help.Invoke(parseResult);
            var output = parseResult.InvocationConfiguration.Output;
            if (Examples.Of(parseResult.CommandResult.Command.Name) is { } examples)
            {
                output.WriteLine("Examples:");
                foreach (var example in examples)
                {
                    output.WriteLine("  " + example);
                }

                output.WriteLine();
            }

            if (parseResult.CommandResult.Command is RootCommand)
            {
                output.WriteLine(ExitCodes.Help);
            }

            return ExitCodes.Ok;
        }
    }
}
