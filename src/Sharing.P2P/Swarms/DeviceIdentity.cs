using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Sharing.Core;

namespace Sharing.P2P;

/// <summary>This terminal's own certificate, made when it is first asked for; the hash of its key is the terminal's name. Thread-safe singleton.</summary>
/// <remarks>Record: <c>device</c>. Nobody signs it: who it belongs to is said by the index, and proved by whoever holds its key.</remarks>
public sealed class DeviceIdentity(IRecordStore records, TimeProvider time) : IDisposable
{
    static readonly RecordKey Key = RecordKey.Of("device");

    readonly SemaphoreSlim _once = new(1, 1);
    X509Certificate2? _certificate;

    /// <summary>The certificate, with its key.</summary>
    public async ValueTask<X509Certificate2> CertificateAsync(CancellationToken cancellationToken = default)
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

    /// <summary>The terminal's name: the SHA-256 of the certificate's SubjectPublicKeyInfo, 64 lower-case hex digits.</summary>
    public async ValueTask<string> NameAsync(CancellationToken cancellationToken = default) => NameOf((await CertificateAsync(cancellationToken)).PublicKey.ExportSubjectPublicKeyInfo());

    /// <summary>Answers whoever looks for this terminal at an address of its.</summary>
    /// <param name="nonce">The number that he asked with.</param>
    /// <param name="ticket">The ticket that he asked with.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<AddressAnswer> AnswerAsync(string nonce, string ticket, CancellationToken cancellationToken = default) =>
        new((await CertificateAsync(cancellationToken)).PublicKey.ExportSubjectPublicKeyInfo(), Sign(await CertificateAsync(cancellationToken), AddressAnswer.Text(nonce, ticket)));

    /// <summary>The name that belongs to a key.</summary>
    internal static string NameOf(ReadOnlySpan<byte> key) => Convert.ToHexStringLower(SHA256.HashData(key));

    /// <summary>Signs with a certificate's key (P-256, SHA-256, IEEE P1363). What is signed begins with a word that says what for.</summary>
    internal static byte[] Sign(X509Certificate2 certificate, byte[] text)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        return key.SignData(text, HashAlgorithmName.SHA256);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _certificate?.Dispose();
        _once.Dispose();
    }

    async Task<X509Certificate2> ReadOrMakeAsync(CancellationToken cancellationToken)
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
        return X509CertificateLoader.LoadPkcs12(Convert.FromBase64String(kept!), null);
    }

    string Make()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = time.GetUtcNow();
        using var certificate = new CertificateRequest("CN=terminal", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddYears(30));
        return Convert.ToBase64String(certificate.Export(X509ContentType.Pkcs12));
    }
}
