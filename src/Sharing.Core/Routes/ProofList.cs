namespace Sharing.Core;

/// <summary>The group hashes that a source hands out, kept aside in a partial content of their own until they have folded into the content id.
/// So they are read once, outside of the transfer's gate, and what was folded is what is adopted.</summary>
sealed class ProofList : IAsyncDisposable
{
    readonly IPartialContent _list;

    ProofList(IPartialContent list, ContentInfo content) => (_list, Content) = (list, content);

    /// <summary>What the hashes prove.</summary>
    public ContentInfo Content { get; }

    /// <exception cref="SourceFailedException">The list does not come, or does not fold into the id.</exception>
    public static async Task<ProofList> FetchAsync(
        IContentStore store, string key, IContentSource source, SourceOffer offer, CancellationToken cancellationToken)
    {
        if (offer is not { ContentId: { } id, Length: { } length } || source is not IProofSource proofs)
        {
            throw new SourceFailedException("It names a content but hands out no proof of it.", permanent: true);
        }

        var list = new ProofList(await store.OpenPartialAsync(key, cancellationToken), new ContentInfo(id, length));
        try
        {
            await list.FillAsync(proofs, source.Traits.Kind, cancellationToken);
            return list;
        }
        catch
        {
            await list.DisposeAsync();
            throw;
        }
    }

    /// <summary>The hashes, some at a time.</summary>
    public IAsyncEnumerable<(long First, ReadOnlyMemory<byte> Hashes)> ReadAsync(CancellationToken cancellationToken) =>
        GroupHashes.ReadAsync(_list, Content.Length, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _list.DiscardAsync(CancellationToken.None);
        }
        finally
        {
            await _list.DisposeAsync();
        }
    }

    async Task FillAsync(IProofSource proofs, SourceKind kind, CancellationToken cancellationToken)
    {
        await using var stream = await SourceFaults.FromSourceAsync(() => proofs.OpenGroupsAsync(cancellationToken), cancellationToken);
        var buffer = new byte[GroupHashes.Block];
        var left = ContentTree.GroupCount(Content.Length) * ContentId.Size;
        var tree = new ContentTreeBuilder();
        for (var at = 0L; left > 0;)
        {
            var block = buffer.AsMemory(0, (int)Math.Min(buffer.Length, left));
            await SourceFaults.FromSourceAsync(
                async () =>
                {
                    await stream.ReadExactlyAsync(block, cancellationToken);
                    return block.Length;
                },
                cancellationToken);
            GroupHashes.Add(tree, block.Span);
            await _list.WriteAsync(ContentArea.Groups, at, block, cancellationToken);
            (at, left) = (at + block.Length, left - block.Length);
        }

        if (GroupHashes.Fold(tree) != Content.Id)
        {
            throw new SourceFailedException("Its group hashes do not fold into its content id.", permanent: kind == SourceKind.Peer); // a stranger's are a lie; a server may mend its own
        }
    }
}
