namespace Sharing.Core;

/// <summary>The bytes of a transfer with the hash of each group beside them, and the durable state that says which belong together.</summary>
/// <remarks>Not thread-safe. What holds after a crash at any point:
/// <list type="bullet">
/// <item>The groups area holds, for each group that is there, the hash of its bytes; with <see cref="TransferState.Proofs"/>, for every group
/// the hash that it must have.</item>
/// <item>Groups named in <see cref="TransferState.Done"/> were durable before the state said so. Others count only if their bytes match the hash beside
/// them, and only under a version (<see cref="TransferState.Validator"/>, or a target with proofs) that was durable before they were written.</item>
/// <item>A change of version first makes "nothing, of no version" durable, then drops the bytes, durably, then makes the new version durable:
/// bytes of two versions are never taken for one.</item>
/// <item>Once <see cref="TransferState.Published"/> is set, any part of publishing may have happened: if the content is not there, nothing of the
/// partial is believed before it is hashed again.</item>
/// </list></remarks>
sealed class PartialGroups(IContentStore store, IRecordStore records, string key) : IGroupsHere, IAsyncDisposable
{
    const int HashSize = ContentId.Size;

    IPartialContent? _partial;
    (Task Flush, string Groups)? _checkpoint;

    public TransferState State { get; private set; } = new();

    public long? Length => State.Length;

    public bool Proofs => State.Proofs;

    public int Layout { get; private set; }

    public Bitfield Have { get; private set; } = new();

    /// <summary>Bytes written since the last checkpoint began.</summary>
    public long Unflushed { get; private set; }

    /// <summary>Whether a checkpoint is under way.</summary>
    public bool IsFlushing => _checkpoint is { Flush.IsCompleted: false };

    IPartialContent Partial => _partial ?? throw new InvalidOperationException("Not opened.");

    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        // First the bytes, of which there is one holder; the state is read when nobody else changes it any more.
        _partial = await store.OpenPartialAsync(key, cancellationToken);
        var stored = await records.GetAsync(TransferState.KeyOf(key), RoutesJson.Default.TransferState, cancellationToken);
        State = stored?.Value ?? new();
        if (State.Published is { } published)
        {
            if (await store.FindAsync(published.Id, cancellationToken) is not null)
            {
                await Partial.DiscardAsync(cancellationToken);
                await CloseAsync();
            }
            else if (!await RestoreAsync(published, cancellationToken))
            {
                await ResetAsync(cancellationToken);
            }
        }
        else if ((State.Validator is null && !State.Proofs) || !await RecoverAsync(cancellationToken))
        {
            await ResetAsync(cancellationToken);
        }
    }

    /// <summary>Drops everything: the bytes are of no version any more.</summary>
    public async Task ResetAsync(CancellationToken cancellationToken)
    {
        await ForgetCheckpointAsync();
        await SaveAsync(new TransferState(), cancellationToken);
        Have.Clear();
        Layout++;
        await Partial.DiscardAsync(cancellationToken);
        await CloseAsync();
        _partial = await store.OpenPartialAsync(key, cancellationToken);
        await _partial.FlushAsync(cancellationToken); // else a power cut could bring the old bytes back under the new version
    }

    /// <summary>Makes durable what the bytes to come belong to, before the first of them is written.</summary>
    public Task BeginAsync(SourceOffer offer, CancellationToken cancellationToken) => SaveAsync(
        State with { Validator = offer.Validator, Length = offer.Length, MediaType = offer.MediaType, Name = offer.Name }, cancellationToken);

    public Task SetLengthAsync(long length, CancellationToken cancellationToken) =>
        SaveAsync(State with { Length = length }, cancellationToken);

    /// <summary>Takes the bytes of groups that follow each other; the caller has proven them where there are proofs.</summary>
    public async Task WriteAsync(long firstGroup, ReadOnlyMemory<byte> bytes, ReadOnlyMemory<byte> hashes, CancellationToken cancellationToken)
    {
        if (_checkpoint is { Flush.IsCompleted: true })
        {
            await EndCheckpointAsync(cancellationToken);
        }

        await Partial.WriteAsync(ContentArea.Data, firstGroup * ContentTree.GroupSize, bytes, cancellationToken);
        if (!State.Proofs)
        {
            await Partial.WriteAsync(ContentArea.Groups, firstGroup * HashSize, hashes, cancellationToken);
        }

        for (var group = 0; group < hashes.Length / HashSize; group++)
        {
            Have[firstGroup + group] = true;
        }

        Unflushed += bytes.Length;
    }

    /// <summary>Begins to make durable what was written so far, and ends the checkpoint before. The state says so with a later write or checkpoint.</summary>
    public async Task BeginCheckpointAsync(CancellationToken cancellationToken)
    {
        await EndCheckpointAsync(cancellationToken);
        _checkpoint = (FlushAsync(), Have.Format());
        Unflushed = 0;

        async Task FlushAsync()
        {
            await Partial.FlushAsync(CancellationToken.None);
            Step.Reached("transfer.flushed");
        }
    }

    /// <summary>Makes durable, and says so in the state, what was written.</summary>
    public async Task CheckpointAsync(CancellationToken cancellationToken)
    {
        if (Unflushed > 0)
        {
            await BeginCheckpointAsync(cancellationToken);
        }

        await EndCheckpointAsync(cancellationToken);
    }

    async Task EndCheckpointAsync(CancellationToken cancellationToken)
    {
        if (_checkpoint is var (flush, groups))
        {
            _checkpoint = null;
            await flush;
            await SaveAsync(State with { Done = groups }, cancellationToken);
            Step.Reached("transfer.saved");
        }
    }

    /// <summary>Where all is flushed anyway, or nothing kept. Should the flush fail, whatever follows it does, too.</summary>
    async Task ForgetCheckpointAsync()
    {
        await (_checkpoint?.Flush ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        (_checkpoint, Unflushed) = (null, 0);
    }

    /// <summary>Reads what is there; the only call that may run beside others.</summary>
    public ValueTask<int> ReadAsync(ContentArea area, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var left = State.Length is { } length ? (area == ContentArea.Data ? length : ContentTree.GroupCount(length) * HashSize) - offset : 0;
        return left <= 0 ? new(0) : Partial.ReadAsync(area, offset, buffer[..(int)Math.Min(buffer.Length, left)], cancellationToken);
    }

    /// <summary>Reads the hashes that stand beside groups that follow each other.</summary>
    public async Task ReadHashesAsync(long firstGroup, Memory<byte> hashes, CancellationToken cancellationToken)
    {
        if (await Partial.ReadUpToAsync(ContentArea.Groups, firstGroup * HashSize, hashes, cancellationToken) < hashes.Length)
        {
            throw new InvalidDataException($"The partial content '{key}' is shorter than its state says.");
        }
    }

    /// <summary>The list of a content's group hashes, fetched and folded, to be adopted.</summary>
    /// <param name="source">Hands it out.</param>
    /// <param name="offer">What the source says of the content.</param>
    /// <param name="number">Tells lists apart that are fetched at the same time.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<ProofList> FetchProofsAsync(IContentSource source, SourceOffer offer, int number, CancellationToken cancellationToken) =>
        ProofList.FetchAsync(store, FormattableString.Invariant($"{key}.p{number}"), source, offer, cancellationToken);

    /// <summary>Compares what is there with the group hashes of a content, and drops what differs.</summary>
    /// <returns>The number of groups dropped.</returns>
    public async Task<long> AdoptAsync(ProofList proofs, CancellationToken cancellationToken)
    {
        var kept = new Bitfield();
        var own = new byte[GroupHashes.Block];
        await foreach (var (first, hashes) in proofs.ReadAsync(cancellationToken))
        {
            var read = await Partial.ReadUpToAsync(ContentArea.Groups, first * HashSize, own.AsMemory(0, hashes.Length), cancellationToken);
            for (var i = 0; i + HashSize <= read; i += HashSize)
            {
                if (Have[first + (i / HashSize)] && own.AsSpan(i, HashSize).SequenceEqual(hashes.Span.Slice(i, HashSize)))
                {
                    kept[first + (i / HashSize)] = true;
                }
            }
        }

        await ForgetCheckpointAsync();
        if (State == new TransferState())
        {
            return await BeginProvenAsync(proofs, 0, cancellationToken); // nothing is there that could be taken for it
        }

        // Until the new hashes are durable, what is kept is as much of the old version; there is none if the old one was a target, too.
        var dropped = Have.Count - kept.Count;
        (Have, Layout) = (kept, Layout + 1);
        await Partial.FlushAsync(cancellationToken);
        await SaveAsync(
            State with { Validator = State.Proofs ? null : State.Validator, Target = null, Proofs = false, Done = Have.Format() }, cancellationToken);
        return await BeginProvenAsync(proofs, dropped, cancellationToken);
    }

    async Task<long> BeginProvenAsync(ProofList proofs, long dropped, CancellationToken cancellationToken)
    {
        await foreach (var (first, hashes) in proofs.ReadAsync(cancellationToken))
        {
            await Partial.WriteAsync(ContentArea.Groups, first * HashSize, hashes, cancellationToken);
        }

        await Partial.FlushAsync(cancellationToken);
        var (target, length) = (proofs.Content.Id, proofs.Content.Length);
        await SaveAsync(State with { Validator = null, Target = target, Length = length, Proofs = true }, cancellationToken);
        return dropped;
    }

    /// <summary>Folds the hashes into the id of the whole, and makes the content readable under it.</summary>
    /// <exception cref="SharingException"><see cref="ProblemCodes.ContentMismatch"/>: the whole is not the target.</exception>
    public async Task<ContentInfo> PublishAsync(ContentId? wanted, CancellationToken cancellationToken)
    {
        if (_partial is null)
        {
            return State.Published!.Value; // before a restart
        }

        var length = State.Length!.Value;
        if (length <= ContentTree.GroupSize)
        {
            await RehashAsync(0, new byte[length], cancellationToken); // an only group has another hash, and may have been taken as one of several
        }

        var tree = new ContentTreeBuilder();
        await foreach (var (_, hashes) in GroupHashes.ReadAsync(Partial, length, cancellationToken))
        {
            GroupHashes.Add(tree, hashes.Span);
        }

        var info = new ContentInfo(GroupHashes.Fold(tree), length);
        if ((State.Target ?? wanted) is { } target && target != info.Id)
        {
            throw new SharingException(ProblemCodes.ContentMismatch, "The bytes fetched are not the content that was promised.");
        }

        await ForgetCheckpointAsync();
        await SaveAsync(State with { Published = info }, cancellationToken);
        Step.Reached("transfer.publishing");
        await Partial.PublishAsync(info, cancellationToken);
        return info;
    }

    public async Task DiscardAsync(CancellationToken cancellationToken)
    {
        if (_partial is not null)
        {
            await Partial.DiscardAsync(cancellationToken);
        }

        await records.CommitAsync(new RecordBatch().Delete(TransferState.KeyOf(key), RecordBatch.Any), cancellationToken);
    }

    public ValueTask DisposeAsync() => CloseAsync();

    /// <summary>The hashes of groups that follow each other as they stand in the list: of the only group of a content, the hash of the whole.</summary>
    public byte[] Hash(long firstGroup, ReadOnlySpan<byte> bytes)
    {
        var hashes = new byte[ContentTree.GroupCount(bytes.Length) * HashSize];
        Hash(firstGroup, bytes, hashes);
        return hashes;
    }

    /// <inheritdoc cref="Hash(long, ReadOnlySpan{byte})"/>
    public void Hash(long firstGroup, ReadOnlySpan<byte> bytes, Span<byte> hashes) => GroupHashing.Hash(bytes, firstGroup, only: State.Length <= ContentTree.GroupSize, hashes);

    public int GroupLength(long group) =>
        State.Length is { } length ? ContentTree.GroupLength(length, group) : ContentTree.GroupSize;

    async ValueTask CloseAsync()
    {
        await ForgetCheckpointAsync();
        if (_partial is { } open)
        {
            _partial = null;
            await open.DisposeAsync();
        }
    }

    async Task SaveAsync(TransferState state, CancellationToken cancellationToken)
    {
        await records.CommitAsync(
            new RecordBatch().Put(TransferState.KeyOf(key), state, RoutesJson.Default.TransferState, RecordBatch.Any), cancellationToken);
        Layout += state.Length != State.Length ? 1 : 0;
        State = state;
    }

    /// <summary>Takes up the durable groups, and what came after the last checkpoint, group by group, if its bytes match the hash beside it.</summary>
    /// <returns>Whether the state and the bytes belong together.</returns>
    async Task<bool> RecoverAsync(CancellationToken cancellationToken)
    {
        var durable = Bitfield.Parse(State.Done);
        var hashes = new byte[GroupHashes.Block];
        var bytes = new byte[ContentTree.GroupSize];
        var (group, read) = (0L, 0);
        do
        {
            read = await Partial.ReadUpToAsync(ContentArea.Groups, group * HashSize, hashes, cancellationToken);
            for (var i = 0; i + HashSize <= read; i += HashSize, group++)
            {
                var hash = hashes.AsMemory(i, HashSize);
                if (durable[group] || (hash.Span.ContainsAnyExcept((byte)0) && await MatchesBytesAsync(group, hash, bytes, cancellationToken)))
                {
                    Have[group] = true;
                }
            }
        }
        while (read == hashes.Length);
        return !State.Proofs || group >= ContentTree.GroupCount(State.Length!.Value);
    }

    async Task<bool> MatchesBytesAsync(long group, ReadOnlyMemory<byte> hash, byte[] buffer, CancellationToken cancellationToken)
    {
        if (State.Length is { } length && group >= ContentTree.GroupCount(length))
        {
            return false;
        }

        var bytes = buffer.AsMemory(0, GroupLength(group));
        return await Partial.ReadUpToAsync(ContentArea.Data, group * ContentTree.GroupSize, bytes, cancellationToken) == bytes.Length
            && Hash(group, bytes.Span).AsSpan().SequenceEqual(hash.Span);
    }

    /// <summary>Goes back to before a publish that was cut off.</summary>
    /// <returns>Whether the bytes are all there.</returns>
    async Task<bool> RestoreAsync(ContentInfo info, CancellationToken cancellationToken)
    {
        State = State with { Published = null, Length = info.Length };
        var tree = new ContentTreeBuilder();
        var buffer = new byte[ContentTree.GroupSize];
        for (long group = 0; group < ContentTree.GroupCount(info.Length); group++)
        {
            if (await RehashAsync(group, buffer.AsMemory(0, GroupLength(group)), cancellationToken) is not { } hash)
            {
                return false;
            }

            tree.Add(hash);
            Have[group] = true;
        }

        return GroupHashes.Fold(tree) == info.Id;
    }

    /// <summary>Reads a group's bytes and writes their hash beside them; <c>null</c>: they are not there.</summary>
    async Task<byte[]?> RehashAsync(long group, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (await Partial.ReadUpToAsync(ContentArea.Data, group * ContentTree.GroupSize, buffer, cancellationToken) < buffer.Length)
        {
            return null;
        }

        var hash = Hash(group, buffer.Span);
        await Partial.WriteAsync(ContentArea.Groups, group * HashSize, hash, cancellationToken);
        return hash;
    }
}
