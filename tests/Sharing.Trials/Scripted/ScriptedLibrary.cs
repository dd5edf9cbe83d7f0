using Sharing.Core;

namespace Sharing.Trials.Scripted;

/// <summary>An offline library in memory in which a content lands when it is told to.</summary>
sealed class ScriptedLibrary(byte[] bytes) : IContentSource, IProofSource
{
    readonly TaskCompletionSource<bool> _landing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    long _delivered;
    int _lists;

    public SourceTraits Traits { get; init; } = new("library", SourceKind.Server);

    public ContentInfo Info { get; init; } = new(Samples.IdOf(bytes), bytes.Length);

    /// <summary>The list of group hashes that it hands out, by the number of times it was asked before.</summary>
    public Func<int, byte[]> Groups { get; set; } = _ => Samples.GroupsOf(bytes);

    /// <summary>What the list of group hashes waits for.</summary>
    public Task GroupsReady { get; init; } = Task.CompletedTask;

    /// <summary>As for an origin.</summary>
    public Func<long, int, CancellationToken, ValueTask<int>>? Before { get; set; }

    /// <summary>What it hands over instead of its bytes.</summary>
    public byte[] Bytes { get; set; } = bytes;

    public int Piece { get; set; } = 16 * 1024;

    public long Delivered => Interlocked.Read(ref _delivered);

    /// <summary>How often its list was asked for.</summary>
    public int Lists => Volatile.Read(ref _lists);

    public void Land() => _landing.TrySetResult(true);

    /// <summary>It will never have it.</summary>
    public void GiveUp() => _landing.TrySetResult(false);

    public async ValueTask<SourceOffer?> ProbeAsync(CancellationToken cancellationToken = default) =>
        await _landing.Task.WaitAsync(cancellationToken) ? Offer : null;

    /// <summary>For plain clients: a reader, once it has landed.</summary>
    public async Task<IContentReader?> LandingAsync() => await _landing.Task ? new Reader(this) : null;

    public async ValueTask<SourceRead> OpenAsync(long offset, string? validator, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        return new SourceRead(Offer, offset, new ContentStream(new Reader(this), ContentArea.Data, offset));
    }

    public async ValueTask<Stream> OpenGroupsAsync(CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        await GroupsReady.WaitAsync(cancellationToken);
        return new MemoryStream(Groups(Interlocked.Increment(ref _lists) - 1));
    }

    SourceOffer Offer => new() { ContentId = Info.Id, Length = Info.Length };

    sealed class Reader(ScriptedLibrary library) : IContentReader
    {
        public ContentInfo Info => library.Info;

        public async ValueTask<int> ReadAsync(ContentArea area, long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            var bytes = area == ContentArea.Data ? library.Bytes : library.Groups(0);
            var count = (int)Math.Min(Math.Min(buffer.Length, library.Piece), Math.Max(0, bytes.Length - offset));
            if (area == ContentArea.Data)
            {
                if (count > 0 && library.Before is { } before)
                {
                    count = await before(offset, count, cancellationToken);
                }

                Interlocked.Add(ref library._delivered, count);
            }

            bytes.AsMemory((int)offset, count).CopyTo(buffer);
            return count;
        }

        public ValueTask DisposeAsync() => default;
    }
}
