using System.Security.Cryptography;

namespace Sharing.Apps;

/// <summary>A proof of rotation: certificates, oldest first, each signed by the key of the one before.</summary>
static class SigningLineage
{
    const int MostCertificates = 32;

    /// <summary>Reads a proof that ends with <paramref name="last"/>.</summary>
    /// <returns>The certificates before that one.</returns>
    public static List<SigningCertificate> Read(ReadOnlySpan<byte> proof, SigningCertificate last)
    {
        var reader = new PrefixedReader(proof);
        if (reader.Number() != 1)
        {
            throw Fault();
        }

        var (chain, algorithm) = (new List<SigningCertificate>(), 0u);
        while (reader.Any)
        {
            var node = new PrefixedReader(reader.Part());
            var signed = node.Part();
            node.Number(); // what the older key may still do
            var next = node.Number();
            var signature = node.Part();
            var data = new PrefixedReader(signed);
            var certificate = SigningCertificate.Read(data.Part());
            if (chain.Count == MostCertificates || chain.Exists(other => other.Der.AsSpan().SequenceEqual(certificate.Der)) || (chain.Count > 0 && !Signed(chain[^1], algorithm, data.Number(), signed, signature)))
            {
                throw Fault();
            }

            chain.Add(certificate);
            algorithm = next;
        }

        if (chain.Count == 0 || !chain[^1].Der.AsSpan().SequenceEqual(last.Der))
        {
            throw Fault();
        }

        chain.RemoveAt(chain.Count - 1);
        return chain;
    }

    static bool Signed(SigningCertificate by, uint announced, uint used, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature) =>
        announced == used && SchemeAlgorithm.Of(used) is { } algorithm && PublicKeys.Verify(by.Key, algorithm.Kind, algorithm.Hash, signed, signature);

    static PackageFormatException Fault() => new(PackageFault.Signature, "The proof of rotation is wrong.");
}
