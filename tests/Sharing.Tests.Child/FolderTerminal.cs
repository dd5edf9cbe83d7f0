using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sharing.P2P;

namespace Sharing.Tests.Child;

/// <summary>A terminal that shares a folder, to be killed: says how many bytes are sent, and "shared" at the end.</summary>
static class FolderTerminal
{
    public static async Task<int> RunAsync(string data, string folder, Uri server, string token, long rate)
    {
        var person = PersonId.Parse("anna");
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Logging.ClearProviders();
        builder.Services.AddSharing(sharing => sharing
            .UseFolder(data)
            .UseSharedData(server, (_, _) => ValueTask.FromResult<string?>(token))
            .AddSharedFolders(options => (options.RestFor, options.BytesPerSecond) = (TimeSpan.Zero, rate)));
        using var host = builder.Build();
        await host.StartAsync();
        var folders = host.Services.GetRequiredService<ISharedFolders>();
        await folders.AddAsync(person, new() { Path = folder });
        while (await folders.FilesAsync(person).FirstOrDefaultAsync() is not { State: FolderFileState.Shared })
        {
            var file = await folders.FilesAsync(person).FirstOrDefaultAsync();
            Console.WriteLine((file is { State: FolderFileState.Uploading } ? file.Done : 0).ToString(CultureInfo.InvariantCulture));
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }

        Console.WriteLine("shared");
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System);
        return 0;
    }
}
