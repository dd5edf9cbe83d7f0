using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Core;

namespace Sharing.Tests.Confined;

/// <summary>The runner as a host registers it, with small limits, and programs in shell and Python.</summary>
sealed class ConfinedBench : IAsyncDisposable
{
    public static readonly TimeSpan Ample = TimeSpan.FromSeconds(120);

    readonly ServiceProvider _provider;

    public ConfinedBench(Action<ConfinedOptions>? configure = null) => _provider = new ServiceCollection().AddLogging().AddSharing(sharing => sharing
        .WithConfinement(options =>
        {
            (options.WallTime, options.CpuTime) = (Ample, Ample);
            (options.MemoryBytes, options.ScratchBytes, options.OutputBytes) = (256L << 20, 32L << 20, 1L << 20);
        })
        .WithConfinement(configure ?? (_ => { }))).BuildServiceProvider();

    public IConfinedRunner Runner => _provider.GetRequiredService<IConfinedRunner>();

    public Task<(ConfinedOutcome Outcome, string Output)> ShellAsync(string script, string input = "", CancellationToken? cancellationToken = null) =>
        RunAsync("/usr/bin/sh", ["-c", script], input, cancellationToken);

    public Task<(ConfinedOutcome Outcome, string Output)> PythonAsync(string script, string input = "") => RunAsync("/usr/bin/python3", ["-c", script], input, null);

    public ValueTask DisposeAsync() => _provider.DisposeAsync();

    async Task<(ConfinedOutcome Outcome, string Output)> RunAsync(string path, string[] arguments, string input, CancellationToken? cancellationToken)
    {
        using var output = new MemoryStream();
        var outcome = await Runner.RunAsync(
            new() { Path = path, Arguments = arguments }, new MemoryStream(Encoding.UTF8.GetBytes(input)), output, cancellationToken ?? TestContext.Current.CancellationToken);
        return (outcome, Encoding.UTF8.GetString(output.ToArray()));
    }
}
