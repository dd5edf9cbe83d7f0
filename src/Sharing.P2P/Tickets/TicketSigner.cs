using System.Security.Cryptography;
using Sharing.Core;

namespace Sharing.P2P;

/// <summary>Signs tickets with the server's key, which is made when the first is asked for. Thread-safe singleton.</summary>
/// <remarks>Record: <c>ticket-key</c>.</remarks>
public sealed class TicketSigner(IRecordStore records) : IDisposable
{
    static readonly RecordKey Key = RecordKey.Of("ticket-key");

    readonly SemaphoreSlim _once = new(1, 1);
    ECDsa? _key;

    /// <summary>The public half: a SubjectPublicKeyInfo.</summary>
    public async ValueTask<byte[]> PublicKeyAsync(CancellationToken cancellationToken = default) => (await KeyAsync(cancellationToken)).ExportSubjectPublicKeyInfo();

    /// <summary>A ticket as it goes over the wire.</summary>
    public async ValueTask<string> SignAsync(ShareTicket ticket, CancellationToken cancellationToken = default)
    {
        var key = await KeyAsync(cancellationToken);
        lock (key)
        {
            return Tickets.Write(ticket, key);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _key?.Dispose();
        _once.Dispose();
    }

    async ValueTask<ECDsa> KeyAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _key) is { } known)
        {
            return known;
        }

        await _once.WaitAsync(cancellationToken);
        try
        {
            return _key ??= await ReadOrMakeAsync(cancellationToken);
        }
        finally
        {
            _once.Release();
        }
    }

    async Task<ECDsa> ReadOrMakeAsync(CancellationToken cancellationToken)
    {
        using var fresh = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string? kept = null;
        await records.ChangeAsync(
            async batch =>
            {
                kept = (await records.GetAsync(Key, P2PJson.Default.String, cancellationToken))?.Value;
                if (kept is null)
                {
                    kept = Convert.ToBase64String(fresh.ExportPkcs8PrivateKey());
                    batch.Put(Key, kept, P2PJson.Default.String, RecordBatch.Absent);
                }

                return true;
            },
            cancellationToken);
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(Convert.FromBase64String(kept!), out _);
        return key;
    }
}
