using System.ComponentModel;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Sharing.Core;

/// <summary>Confines programs by bubblewrap (<c>bwrap</c>, 0.8 or later) and the limits of util-linux's <c>prlimit</c>. Linux only. Thread-safe singleton.</summary>
sealed class BubblewrapRunner(IOptions<ConfinedOptions> options, TimeProvider time, ILogger<BubblewrapRunner> logger) : IConfinedRunner
{
    static readonly TimeSpan ProbePatience = TimeSpan.FromSeconds(30);

    readonly ConfinedOptions _options = options.Value;

    /// <summary>Where bubblewrap and its kin are looked for.</summary>
    internal string Tools { get; init; } = ConfinedCommand.Tools;

    readonly Lock _gate = new();
    Task<bool>? _works;

    public async Task<ConfinedOutcome> RunAsync(ConfinedProgram program, Stream input, Stream output, CancellationToken cancellationToken = default)
    {
        if (await WorksAsync(cancellationToken))
        {
            using var confined = await ConfinedProcess.StartAsync(ConfinedCommand.Confined(program, _options, Tools));
            return await new ConfinedRun(confined, program, _options, time).RunAsync(input, output, cancellationToken);
        }

        if (!_options.AllowUnconfined)
        {
            throw new SharingException(ProblemCodes.NotConfined, "This host cannot confine programs, so it does not run them. It needs bubblewrap.");
        }

        var folder = Directory.CreateTempSubdirectory("sharing-").FullName;
        try
        {
            using var process = await ConfinedProcess.StartAsync(ConfinedCommand.Unconfined(program, _options, Tools, folder));
            return await new ConfinedRun(process, program, _options, time).RunAsync(input, output, cancellationToken);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Whether programs can be confined here: tried once, by confining one.</summary>
    Task<bool> WorksAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return (_works ??= ProbeAsync()).WaitAsync(cancellationToken);
        }
    }

    async Task<bool> ProbeAsync()
    {
        if (!OperatingSystem.IsLinux())
        {
            ConfinedLog.Unable(logger, "it is not Linux");
            return false;
        }

        var limits = new ConfinedOptions { WallTime = ProbePatience };
        try
        {
            var copy = new ConfinedProgram { Path = "/usr/bin/cp", Arguments = [ConfinedProgram.Input, ConfinedProgram.Output] };
            using var process = await ConfinedProcess.StartAsync(ConfinedCommand.Confined(copy, limits, Tools));
            using var output = new MemoryStream();
            var outcome = await new ConfinedRun(process, copy, limits, time).RunAsync(new MemoryStream("whole"u8.ToArray()), output, CancellationToken.None);
            if (outcome.End == ConfinedEnd.Finished && Encoding.ASCII.GetString(output.ToArray()) == "whole")
            {
                return true;
            }

            ConfinedLog.Unable(logger, outcome.Log);
        }
        catch (Win32Exception e)
        {
            ConfinedLog.Unable(logger, e.Message);
        }

        return false;
    }
}
