using System.Security.Cryptography;
using System.Text.Json;
using Sharing.Core;

namespace Sharing.Messaging;

/// <summary>The terminal's side of handlers: checks what a server offers, keeps what was fetched, and has it run, confined (row M7). Thread-safe.</summary>
/// <remarks>
/// <para>Trusted from the start is the server's own key, as it was when the server was first asked; every other signer is asked for once. An index that is older than one seen before, or whose time is
/// over, is not taken; neither is a package other than the one that the index names, or one by another signer than the installed version's.</para>
/// <para>Records: <c>handler-server</c>, <c>handler-signer/{signer}</c>, <c>handler-installed/{id}</c>.</para>
/// </remarks>
/// <param name="folder">Where handlers are unpacked to: this account's alone.</param>
/// <param name="records">What is remembered.</param>
/// <param name="runner">Runs them.</param>
/// <param name="time">The clock.</param>
public sealed class HandlerStore(string folder, IRecordStore records, IConfinedRunner runner, TimeProvider time)
{
    static readonly RecordKey s_server = RecordKey.Of("handler-server");

    /// <summary>Checks an index that a server gave, and remembers it.</summary>
    /// <exception cref="HandlerRefusedException">It is not to be trusted.</exception>
    public async Task<HandlerIndex> TakeAsync(SignedHandlerIndex signed, CancellationToken cancellationToken = default)
    {
        var (key, json) = (Bytes(signed.Key), Bytes(signed.Index));
        Require(PublicKey.HasSigned(key, HandlerShelf.Said(json), Bytes(signed.Signature)), HandlerFault.Unsigned, "The list of handlers is not signed by the server.");
        var index = Read(json);
        Require(index.Expires > time.GetUtcNow(), HandlerFault.Expired, "The list of handlers is out of date; somebody may be holding back a newer one.");
        await records.ChangeAsync(
            async batch =>
            {
                var before = await records.GetAsync(s_server, MessageRecords.Default.ServerRecord, cancellationToken);
                Require(before is null || before.Value.Key == signed.Key, HandlerFault.OtherSigner, "Another key signs for this server than did before.");
                Require(before is null || before.Value.Version <= index.Version, HandlerFault.RolledBack, "The list of handlers is older than one that was seen before.");
                batch.Put(s_server, new(signed.Key, index.Version), MessageRecords.Default.ServerRecord, before?.Version ?? RecordBatch.Absent);
                return true;
            },
            cancellationToken);
        return index;
    }

    /// <summary>The best of the handlers that an index offers for a resource; <c>null</c>: none of them opens it here.</summary>
    public static HandlerOffer? Find(HandlerIndex index, ResourceType type, ReadOnlySpan<byte> beginning)
    {
        var (best, most) = ((HandlerOffer?)null, 0);
        foreach (var offer in index.Handlers.Where(static offer => HandlerRules.IsForHere(offer.Platform)).OrderByDescending(static offer => offer.Platform != "any"))
        {
            foreach (var kind in offer.Kinds)
            {
                var fit = ResourceHandlers.Fit(kind, type, beginning);
                (best, most) = fit > most ? (offer, fit) : (best, most);
            }
        }

        return best;
    }

    /// <summary>Checks a package that was fetched, and unpacks it.</summary>
    /// <param name="offer">What the index says of it.</param>
    /// <param name="package">Its bytes; not disposed.</param>
    /// <param name="consent">Asked once for each signer but the server itself; <c>null</c>: no.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="HandlerRefusedException">It is not to be trusted. Nothing of it is left.</exception>
    public async Task<IResourceHandler> InstallAsync(HandlerOffer offer, IContentReader package, Func<HandlerOffer, ValueTask<bool>>? consent = null, CancellationToken cancellationToken = default)
    {
        var read = await HandlerPackage.ReadAsync(package, cancellationToken);
        Require(read.Content == offer.Package, HandlerFault.Changed, "The package is not the one that the server offers.");
        var handler = new StoredHandler(read.Manifest, read.Signer, new(read.Content, offer.Length));
        Require(read.Signer == offer.Signer, HandlerFault.OtherSigner, "Another signed the package than the server says.");
        Require(JsonSerializer.Serialize(handler.Offer, MessagingJson.Default.HandlerOffer) == JsonSerializer.Serialize(offer, MessagingJson.Default.HandlerOffer), HandlerFault.Changed, "The package is not what the server says of it.");
        Require(HandlerRules.IsForHere(read.Manifest.Platform), HandlerFault.OtherPlatform, $"The package is for {read.Manifest.Platform}.");
        RequireInTime(read.Manifest);
        var key = KeyOf(offer.Id);
        RequireFollows((await records.GetAsync(key, MessageRecords.Default.StoredHandler, cancellationToken))?.Value, handler);
        await RequireTrustedAsync(offer, consent, cancellationToken);
        Unpack(read, FolderOf(handler));
        await records.ChangeAsync(
            async batch =>
            {
                var before = await records.GetAsync(key, MessageRecords.Default.StoredHandler, cancellationToken);
                RequireFollows(before?.Value, handler);
                batch.Put(key, handler, MessageRecords.Default.StoredHandler, before?.Version ?? RecordBatch.Absent);
                return true;
            },
            cancellationToken);
        return Open(handler);
    }

    /// <summary>The handlers that are here.</summary>
    public async Task<IReadOnlyList<IResourceHandler>> ListAsync(CancellationToken cancellationToken = default) =>
        await records.ScanAsync(RecordRange.Under("handler-installed"), MessageRecords.Default.StoredHandler, cancellationToken).Select(one => (IResourceHandler)Open(one.Value)).ToListAsync(cancellationToken);

    /// <summary>Removes a handler.</summary>
    /// <returns>Whether it was here.</returns>
    public async Task<bool> RemoveAsync(string id, CancellationToken cancellationToken = default)
    {
        StoredHandler? handler = null;
        await records.ChangeAsync(
            async batch =>
            {
                var stored = await records.GetAsync(KeyOf(id), MessageRecords.Default.StoredHandler, cancellationToken);
                handler = stored?.Value;
                if (stored is not null)
                {
                    batch.Delete(stored.Key, stored.Version);
                }

                return stored is not null;
            },
            cancellationToken);
        if (handler is not null && Directory.Exists(FolderOf(handler)))
        {
            Directory.Delete(FolderOf(handler), recursive: true);
        }

        return handler is not null;
    }

    /// <summary>A version follows another only if the same signed it, and it is not older.</summary>
    internal static void RequireFollows(StoredHandler? before, StoredHandler handler)
    {
        Require(before is null || before.Signer == handler.Signer, HandlerFault.OtherSigner, $"Another signed {handler.Manifest.Id} than signed the version that is here.");
        Require(before is null || before.Manifest.Version < handler.Manifest.Version || before.Package.Id == handler.Package.Id, HandlerFault.RolledBack, $"Version {handler.Manifest.Version} of {handler.Manifest.Id} does not follow the version that is here.");
    }

    internal void RequireInTime(HandlerManifest manifest) => Require(manifest.Expires is not { } end || end > time.GetUtcNow(), HandlerFault.Expired, $"The time of {manifest.Id} is over.");

    static RecordKey KeyOf(string id) => RecordKey.Of("handler-installed", id);

    static byte[] Bytes(string base64)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var count) ? bytes[..count] : throw new HandlerRefusedException(HandlerFault.Malformed, "That is no list of handlers.");
    }

    static HandlerIndex Read(byte[] json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, MessagingJson.Default.HandlerIndex) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new HandlerRefusedException(HandlerFault.Malformed, $"That is no list of handlers: {e.Message}");
        }
    }

    /// <summary>Into a new folder, which gets its name when all is there.</summary>
    static void Unpack(HandlerPackage package, string to)
    {
        var part = $"{to}.{RandomNumberGenerator.GetHexString(8, lowercase: true)}.part";
        Directory.CreateDirectory(part);
        try
        {
            package.Unpack(part);
            if (Directory.Exists(to))
            {
                Directory.Delete(to, recursive: true); // the same bytes, perhaps damaged
            }

            Directory.Move(part, to);
        }
        catch
        {
            Directory.Delete(part, recursive: true);
            throw;
        }
    }

    string FolderOf(StoredHandler handler) => Path.Combine(Path.GetFullPath(folder), $"{handler.Manifest.Id}-{handler.Package.Id.ToString()[..16]}");

    InstalledHandler Open(StoredHandler handler) => new(handler, FolderOf(handler), runner, RequireInTime);

    async Task RequireTrustedAsync(HandlerOffer offer, Func<HandlerOffer, ValueTask<bool>>? consent, CancellationToken cancellationToken)
    {
        var server = await records.GetAsync(s_server, MessageRecords.Default.ServerRecord, cancellationToken);
        var key = RecordKey.Of("handler-signer", offer.Signer);
        if ((server is not null && HandlerPackage.SignerOf(Bytes(server.Value.Key)) == offer.Signer) || await records.GetAsync(key, cancellationToken) is not null)
        {
            return;
        }

        Require(consent is not null && await consent(offer), HandlerFault.NotTrusted, $"Nobody has said that {offer.Signer[..16]}…, who signed {offer.Title}, is trusted here.");
        await records.CommitAsync(new RecordBatch().Put(key, offer.Id, MessageRecords.Default.String, RecordBatch.Any), cancellationToken);
    }

    static void Require(bool holds, HandlerFault fault, string message)
    {
        if (!holds)
        {
            throw new HandlerRefusedException(fault, message);
        }
    }
}
