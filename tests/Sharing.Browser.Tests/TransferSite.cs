using System.Runtime.CompilerServices;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sharing.AspNetCore;
using Sharing.Core;
using Sharing.P2P;

namespace Sharing.Browser.Tests;

/// <summary>A terminal with its pages that fetches a file of 40 chunks from a server and two other terminals, one of which lies, and is asked first. The server stops after 12 requests, until it is told to go on.</summary>
sealed class TransferSite : IAsyncDisposable
{
    public const int Chunk = 2 * ContentTree.GroupSize;
    public const int Count = 40;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    readonly WebApplication _app;
    readonly Transfer _transfer;
    readonly TaskCompletionSource _goOn;

    TransferSite(WebApplication app, Transfer transfer, ShareManifest manifest, TaskCompletionSource goOn) => (_app, _transfer, Manifest, _goOn) = (app, transfer, manifest, goOn);

    public ShareManifest Manifest { get; }

    public Uri Address => new(_app.Urls.First() + "/");

    public Task Completion => _transfer.Completion;

    public static async Task<TransferSite> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSharing(static sharing => sharing.AddP2P().AddPages(static pages => (pages.SignInPath, pages.SignOutPath) = (null, null)));
        var app = builder.Build();
        app.Use(static (context, next) =>
        {
            context.User = new(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, "anna")], "test"));
            return next(context);
        });
        app.MapSharing(roles: SharingRoles.Terminal);
        app.MapSharingPages();
        await app.StartAsync(TestContext.Current.CancellationToken);

        var bytes = new byte[(Count * Chunk) - 5];
        new Random(3).NextBytes(bytes);
        var hash = new byte[ContentId.Size];
        Blake3.Hash(bytes, hash);
        var manifest = new ShareManifest
        {
            Share = ShareId.Parse(new string('7', 32)), Name = "a film with <angles> & a name that is much too long for a narrow window.mkv", MediaType = null, Content = new ContentId(hash),
            Length = bytes.Length, ChunkSize = Chunk, Ticket = "", TicketKey = [],
        };
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var liar = new Scripted(new("10.0.0.8:7400", SourceKind.Peer), manifest.Content, new byte[bytes.Length], new(0, 5 * Chunk), null, null);
        var transfer = await app.Services.GetRequiredService<TransferEngine>().StartAsync(
            new TransferRequest
            {
                Key = "t", Content = manifest.Content, ChunkSize = Chunk,
                Sources =
                [
                    new Scripted(new("share.example.org", SourceKind.Server, 4e-6), manifest.Content, bytes, null, liar.Asked, goOn.Task),
                    new Scripted(new("10.0.0.7:7400", SourceKind.Peer), manifest.Content, bytes, new(0, 15 * Chunk), liar.Asked, null),
                    liar,
                ],
            },
            TestContext.Current.CancellationToken);
        app.Services.GetRequiredService<RunningFetches>().Add(manifest, transfer);
        return new(app, transfer, manifest, goOn);
    }

    /// <summary>Waits until the server has stopped, and all that the terminals have is here.</summary>
    public Task HalfAsync() => Site.EventuallyAsync(async () =>
    {
        var view = await _transfer.ViewAsync();
        return view.Sources[2].IsDropped && view.Chunks.Take(15).All(static chunk => chunk.State == ChunkState.Here) && view.Chunks.Count(static chunk => chunk.State == ChunkState.Here) >= 20;
    });

    /// <summary>Lets it come to its end.</summary>
    public async Task GoOnAsync()
    {
        _goOn.TrySetResult();
        await _transfer.Completion.WaitAsync(Patience);
    }

    public async ValueTask DisposeAsync()
    {
        await _transfer.DisposeAsync();
        using var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(1));
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    sealed class Scripted(SourceTraits traits, ContentId content, byte[] bytes, ByteRun? held, Task? first, Task? goOn) : IContentSource, IPartSource
    {
        readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int _requests;

        public Task Asked => _asked.Task;

        public SourceTraits Traits => traits;

        public ValueTask<SourceOffer?> ProbeAsync(CancellationToken cancellationToken = default) => new(new SourceOffer { ContentId = content, Length = bytes.Length });

        public ValueTask<SourceRead> OpenAsync(long offset, string? validator, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public ValueTask<Stream> OpenGroupsAsync(CancellationToken cancellationToken = default)
        {
            var list = new byte[ContentTree.GroupCount(bytes.Length) * ContentId.Size];
            for (var group = 0; group * ContentId.Size < list.Length; group++)
            {
                ContentTree.HashGroup(bytes.AsSpan(group * ContentTree.GroupSize, ContentTree.GroupLength(bytes.Length, group)), group, list.AsSpan(group * ContentId.Size, ContentId.Size));
            }

            return new(new MemoryStream(list));
        }

        public async ValueTask<Stream> OpenPartAsync(long offset, long length, CancellationToken cancellationToken = default)
        {
            _asked.TrySetResult();
            await (first ?? Task.CompletedTask).WaitAsync(cancellationToken);
            if (goOn is not null && Interlocked.Increment(ref _requests) > 12)
            {
                await goOn.WaitAsync(cancellationToken);
            }

            return new MemoryStream(bytes, (int)offset, (int)length);
        }

        public IAsyncEnumerable<ByteRun>? WatchHeldAsync(CancellationToken cancellationToken = default) => held is { } run ? WatchAsync(run, cancellationToken) : null;

        static async IAsyncEnumerable<ByteRun> WatchAsync(ByteRun run, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.Yield();
            yield return run;
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
    }
}
