using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Sharing.Core;

namespace Sharing.P2P;

/// <summary>This terminal's own certificate, made when it is first asked for; its hash is the terminal's name. Thread-safe singleton.</summary>
/// <remarks>Record: <c>device</c>. Nobody signs it: who it belongs to is said by the index, and proved by whoever holds its key.</remarks>
public sealed class DeviceIdentity(IRecordStore records, TimeProvider time) : IPeerIdentity, IDisposable
{
    static readonly RecordKey Key = RecordKey.Of("device");

    readonly SemaphoreSlim _once = new(1, 1);
    SslStreamCertificateContext? _certificate;

    /// <inheritdoc/>
    public async ValueTask<SslStreamCertificateContext> CertificateAsync(CancellationToken cancellationToken = default)
    {
        if (Volatile.Read(ref _certificate) is { } known)
        {
            return known;
        }

        await _once.WaitAsync(cancellationToken);
        try
        {
            return _certificate ??= await ReadOrMakeAsync(cancellationToken);
        }
        finally
        {
            _once.Release();
        }
    }

    /// <summary>The terminal's name: the SHA-256 of the certificate, 64 lower-case hex digits.</summary>
    public async ValueTask<string> NameAsync(CancellationToken cancellationToken = default) =>
        PeerCertificates.NameOf((await CertificateAsync(cancellationToken)).TargetCertificate);

    /// <inheritdoc/>
    public void Dispose()
    {
        _certificate?.TargetCertificate.Dispose();
        _once.Dispose();
    }

    async Task<SslStreamCertificateContext> ReadOrMakeAsync(CancellationToken cancellationToken)
    {
        string? kept = null;
        await records.ChangeAsync(
            async batch =>
            {
                kept = (await records.GetAsync(Key, P2PJson.Default.String, cancellationToken))?.Value;
                if (kept is null)
                {
                    kept = Make();
                    batch.Put(Key, kept, P2PJson.Default.String, RecordBatch.Absent);
                }

                return true;
            },
            cancellationToken);
        return SslStreamCertificateContext.Create(X509CertificateLoader.LoadPkcs12(Convert.FromBase64String(kept!), null), additionalCertificates: null, offline: true);
    }

    string Make()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = time.GetUtcNow();
        using var certificate = new CertificateRequest("CN=terminal", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddYears(30));
        return Convert.ToBase64String(certificate.Export(X509ContentType.Pkcs12));
    }
}
