using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Sharing.Core;

namespace Sharing.P2P;

/// <summary>A share that is being fetched from its server and from other terminals, and given on to them meanwhile. Disposing stops it.</summary>
/// <remarks>Thread-safe. What is there stays; fetching the same share again goes on from it.</remarks>
public sealed class SwarmFetch : IAsyncDisposable
{
    readonly ShareManifest _manifest;
    readonly IChunkIndex _index;
    readonly SwarmNode _node;
    readonly Channel<IContentSource> _found = Channel.CreateUnbounded<IContentSource>();
    readonly Lock _meeting = new(); // guards those who are known, and their names
    readonly Acquaintances _known = new();
    readonly AdvisedSourceSelector _selector;
    readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    readonly CancellationTokenSource _stop = new();
    SwarmAdvice? _advice;
    IReadOnlyList<SwarmMember>? _newest;
    Task _announcing = Task.CompletedTask;

    internal SwarmFetch(ShareManifest manifest, IChunkIndex index, SwarmNode node) => (_manifest, _index, _node, _selector) = (manifest, index, node, node.Advised());

    /// <summary>What is fetched.</summary>
    public ShareManifest Manifest => _manifest;

    /// <summary>How many other terminals the index told of last.</summary>
    public int Others { get; private set; }

    /// <summary>The transfer.</summary>
    public Transfer Transfer { get; private set; } = null!;

    /// <summary>Terminals that are known before the index was asked.</summary>
    internal IReadOnlyList<SwarmMember> First { get; init; } = [];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _node.Fetches.Remove(_manifest, Transfer);
        await _stop.CancelAsync();
        await Transfer.DisposeAsync();
        await _announcing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    /// <summary>The key of the transfer of a content.</summary>
    internal static string TransferOf(ContentId content) => $"share.{content}";

    /// <summary>Joins the others: from then on they know that this terminal fetches.</summary>
    internal Task JoinAsync(CancellationToken cancellationToken) => AnnounceAsync(cancellationToken);

    internal async Task StartAsync(TransferEngine engine, IContentSource? server, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        IReadOnlyList<SwarmMember> members = [];
        try
        {
            members = await AnnounceAsync(cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            P2PLog.AnnouncingFailed(_node.Logger, _manifest.Share, e.GetBaseException().Message);
        }

        Transfer = await engine.StartAsync(
            new TransferRequest
            {
                Key = TransferOf(_manifest.Content), Sources = server is null ? [] : [server], MoreSources = _found.Reader.ReadAllAsync(_stop.Token), Progress = progress,
                Content = _manifest.Content, ChunkSize = _manifest.ChunkSize, Selector = _selector,
            },
            cancellationToken);
        _node.Fetches.Add(_manifest, Transfer, visitor => TakeIn([visitor]));
        TakeIn([.. First, .. members]);
        _announcing = AnnounceAlwaysAsync();
    }

    async Task AnnounceAlwaysAsync()
    {
        while (true)
        {
            try
            {
                await RememberAsync();
                await Task.Delay(NextPause(), _node.Time, _stop.Token);
                TakeIn(await AnnounceAsync(_stop.Token));
            }
            catch (Exception e) when (!_stop.IsCancellationRequested)
            {
                P2PLog.AnnouncingFailed(_node.Logger, _manifest.Share, e.GetBaseException().Message); // those who are known stay known
            }
        }
    }

    async Task<IReadOnlyList<SwarmMember>> AnnounceAsync(CancellationToken cancellationToken)
    {
        var view = await _index.AnnounceAsync(_manifest.Content, await _node.SelfAsync(_manifest, cancellationToken), _manifest.Ticket, cancellationToken);
        Others = view.Count - 1;
        _advice = view.Advice;
        Heed();
        return view.Members;
    }

    TimeSpan NextPause()
    {
        lock (_meeting)
        {
            return _known.NextPause(Others + 1);
        }
    }

    void TakeIn(IReadOnlyList<SwarmMember> members)
    {
        lock (_meeting)
        {
            foreach (var member in members)
            {
                if (_known.Meet(member) && _node.SourceOf(member, _manifest) is { } source)
                {
                    _names[member.Device] = source.Traits.Name;
                    _found.Writer.TryWrite(source);
                    _newest = members;
                }
            }
        }

        Heed(); // now that they have names
    }

    /// <summary>Lets the newest advice count.</summary>
    void Heed()
    {
        lock (_meeting)
        {
            if (_advice is { } advice)
            {
                _selector.Take(advice, _names);
            }
        }
    }

    /// <summary>For when neither the server nor an index can be reached.</summary>
    async Task RememberAsync()
    {
        if (Interlocked.Exchange(ref _newest, null) is { } members)
        {
            await _node.RememberAsync(_manifest.Content, members, _stop.Token);
        }
    }
}
