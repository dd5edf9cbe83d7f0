using Microsoft.Extensions.DependencyInjection;
using Sharing.Core;

namespace Sharing.Tests.Child;

/// <summary>Runs a confined program that sleeps, until this process is killed.</summary>
static class Confining
{
    public static async Task<int> RunAsync(string seconds)
    {
        await using var services = new ServiceCollection().AddLogging().AddSharing(sharing => sharing.WithConfinement(options => options.WallTime = TimeSpan.FromHours(1)))
            .BuildServiceProvider();
        var outcome = await services.GetRequiredService<IConfinedRunner>().RunAsync(new() { Path = "/usr/bin/sleep", Arguments = [seconds] }, Stream.Null, Stream.Null);
        Console.WriteLine(outcome);
        return 0;
    }
}
