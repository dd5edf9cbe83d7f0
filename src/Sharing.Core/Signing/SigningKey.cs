using System.Security.Cryptography;

namespace Sharing.Core;

/// <summary>A key of the host's (ECDSA, P-256) that is made when it is first asked for, and signs. Thread-safe singleton.</summary>
/// <param name="records">Where it is kept.</param>
/// <param name="name">The kind of its record: lower-case letters and hyphens.</param>
public sealed class SigningKey(IRecordStore records, string name) : IDisposable
{
    readonly RecordKey _record = RecordKey.Of(name);
    readonly SemaphoreSlim _once = new(1, 1);
    ECDsa? _key;

    /// <summary>The public half: a SubjectPublicKeyInfo.</summary>
    public async ValueTask<byte[]> PublicKeyAsync(CancellationToken cancellationToken = default) => (await KeyAsync(cancellationToken)).ExportSubjectPublicKeyInfo();

    /// <summary>Signs bytes (SHA-256, IEEE P1363, 64 bytes); <see cref="PublicKey.HasSigned"/> checks it.</summary>
    public async ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> said, CancellationToken cancellationToken = default)
    {
        var key = await KeyAsync(cancellationToken);
        lock (key)
        {
            return key.SignData(said.Span, HashAlgorithmName.SHA256);
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
                kept = (await records.GetAsync(_record, RecordsJson.Default.String, cancellationToken))?.Value;
                if (kept is null)
                {
                    kept = Convert.ToBase64String(fresh.ExportPkcs8PrivateKey());
                    batch.Put(_record, kept, RecordsJson.Default.String, RecordBatch.Absent);
                }

                return true;
            },
            cancellationToken);
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(Convert.FromBase64String(kept!), out _);
        return key;
    }
}
