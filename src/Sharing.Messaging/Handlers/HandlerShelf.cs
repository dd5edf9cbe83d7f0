using System.Text;
using System.Text.Json;
using Sharing.Core;

namespace Sharing.Messaging;

/// <summary>The host's side of handlers: signs them with its own key, or takes those that others signed, and offers them. Thread-safe singleton.</summary>
/// <remarks>Records: <c>handler/{id}/{platform}</c>, <c>handler-index</c> with its version, <c>handler-key</c>.</remarks>
public sealed class HandlerShelf(IRecordStore records, IContentStore contents, ContentReferences references, TimeProvider time) : IHandlerCatalog, IDisposable
{
    static readonly RecordKey s_index = RecordKey.Of("handler-index");
    static readonly TimeSpan s_life = TimeSpan.FromDays(7);

    readonly SigningKey _key = new(records, "handler-key");

    /// <summary>Makes a package of a folder, signed by this host, and offers it.</summary>
    /// <param name="manifest">What it says of itself; its files are looked up.</param>
    /// <param name="folder">Its files.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="HandlerRefusedException">It would not be taken by anybody, or is older than what is offered.</exception>
    public async Task<HandlerOffer> PackAsync(HandlerManifest manifest, string folder, CancellationToken cancellationToken = default)
    {
        using var package = new MemoryStream();
        await HandlerPackage.WriteAsync(manifest, folder, await _key.PublicKeyAsync(cancellationToken), said => _key.SignAsync(said, cancellationToken), package, cancellationToken);
        package.Position = 0;
        return await AddAsync(package, cancellationToken);
    }

    /// <summary>Takes a package that somebody signed, and offers it.</summary>
    /// <exception cref="HandlerRefusedException">It is none that could be trusted, another than before signed it, or it is older than what is offered.</exception>
    public async Task<HandlerOffer> AddAsync(Stream package, CancellationToken cancellationToken = default)
    {
        var content = await contents.PutAsync(package, cancellationToken: cancellationToken);
        await using var reader = await contents.OpenAsync(content.Id, cancellationToken) ?? throw new SharingException(ProblemCodes.Busy, "The same bytes are being deleted just now.");
        var read = await HandlerPackage.ReadAsync(reader, cancellationToken);
        var (key, handler) = (RecordKey.Of("handler", read.Manifest.Id, read.Manifest.Platform), new StoredHandler(read.Manifest, read.Signer, content));
        await records.ChangeAsync(
            async batch =>
            {
                var before = await records.GetAsync(key, MessageRecords.Default.StoredHandler, cancellationToken);
                if (before?.Value.Package.Id == content.Id)
                {
                    return false;
                }

                HandlerStore.RequireFollows(before?.Value, handler);
                if (before is not null)
                {
                    await references.RemoveAsync(batch, before.Value.Package.Id, key.Value, cancellationToken);
                }

                if (!await references.AddAsync(batch, content, key.Value, cancellationToken))
                {
                    throw new SharingException(ProblemCodes.Busy, "The same bytes are being deleted just now.");
                }

                var index = await records.GetAsync(s_index, MessageRecords.Default.ReceivedRecord, cancellationToken);
                batch.Put(s_index, new((index?.Value.Number ?? 0) + 1), MessageRecords.Default.ReceivedRecord, index?.Version ?? RecordBatch.Absent);
                batch.Put(key, handler, MessageRecords.Default.StoredHandler, before?.Version ?? RecordBatch.Absent);
                return true;
            },
            cancellationToken);
        return handler.Offer;
    }

    /// <inheritdoc/>
    public async Task<SignedHandlerIndex?> IndexAsync(CancellationToken cancellationToken = default)
    {
        var version = await records.GetAsync(s_index, MessageRecords.Default.ReceivedRecord, cancellationToken);
        if (version is null)
        {
            return null;
        }

        var offers = await records.ScanAsync(RecordRange.Under("handler"), MessageRecords.Default.StoredHandler, cancellationToken).Select(static one => one.Value.Offer).ToListAsync(cancellationToken);
        var json = JsonSerializer.SerializeToUtf8Bytes(new(version.Value.Number, time.GetUtcNow() + s_life, offers), MessagingJson.Default.HandlerIndex);
        return new(Convert.ToBase64String(json), Convert.ToBase64String(await _key.PublicKeyAsync(cancellationToken)), Convert.ToBase64String(await _key.SignAsync(Said(json), cancellationToken)));
    }

    /// <inheritdoc/>
    public async Task<IContentReader?> OpenAsync(ContentId package, CancellationToken cancellationToken = default) =>
        await records.ScanAsync(RecordRange.Under("handler"), MessageRecords.Default.StoredHandler, cancellationToken).AnyAsync(one => one.Value.Package.Id == package, cancellationToken)
            ? await contents.OpenAsync(package, cancellationToken) : null;

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    internal static byte[] Said(ReadOnlySpan<byte> index) => [.. Encoding.ASCII.GetBytes("sharing-handler-index\n"), .. index];
}
