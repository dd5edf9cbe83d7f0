using System.Security.Cryptography;

namespace Sharing.Apps;

/// <summary>A signer of APK signature scheme 2 or 3 whose own signatures are right; whether the digests that it signed are those of the file is checked apart.</summary>
sealed class SchemeSigner
{
    const uint Lineage = 0x3ba06f8c, Stripping = 0xbeeff00d, RotationMinSdk = 0x559f8b02;
    const int MostSigners = 10, MostParts = 32;

    SchemeSigner(SigningCertificate certificate) => Certificate = certificate;

    public SigningCertificate Certificate { get; }

    /// <summary>The API levels that it is for; scheme 2 says none.</summary>
    public (int Least, int Most) Sdk { get; private init; }

    /// <summary>The digests of the file's content that it signed.</summary>
    public List<(HashAlgorithmName Hash, byte[] Digest)> Digests { get; } = [];

    /// <summary>The certificates that it took over from, oldest first.</summary>
    public IReadOnlyList<SigningCertificate> Earlier { get; private set; } = [];

    /// <summary>The newer scheme that was there when it signed; 0: none is said. Who removes that one's block would make devices believe the older.</summary>
    public uint NewerScheme { get; private set; }

    /// <summary>Reads the signers of a block and verifies what each signed.</summary>
    public static List<SchemeSigner> Read(ReadOnlySpan<byte> block, bool third)
    {
        var outer = new PrefixedReader(block);
        var signers = new PrefixedReader(outer.Part());
        var read = new List<SchemeSigner>();
        while (signers.Any)
        {
            read.Add(read.Count < MostSigners ? ReadSigner(signers.Part(), third) : throw Fault("There are too many signers."));
        }

        return read.Count > 0 ? read : throw Fault("There is no signer.");
    }

    static SchemeSigner ReadSigner(ReadOnlySpan<byte> bytes, bool third)
    {
        var reader = new PrefixedReader(bytes);
        var signed = reader.Part();
        var (least, most) = third ? (reader.Number(), reader.Number()) : (0u, (uint)int.MaxValue);
        var signatures = reader.Part();
        var key = reader.Part().ToArray();
        var used = Verify(signatures, signed, key);

        var data = new PrefixedReader(signed);
        var digests = data.Part();
        var certificates = new PrefixedReader(data.Part());
        var signer = new SchemeSigner(SigningCertificate.Read(certificates.Part())) { Sdk = ((int)Math.Min(least, int.MaxValue), (int)Math.Min(most, int.MaxValue)) };
        if (!signer.Certificate.Key.AsSpan().SequenceEqual(key) || (third && (data.Number() != least || data.Number() != most)) || least > most)
        {
            throw Fault("A signer contradicts itself.");
        }

        signer.ReadDigests(digests, used);
        signer.ReadAttributes(data.Part(), third);
        return signer;
    }

    /// <summary>Verifies each signature whose algorithm is known.</summary>
    /// <returns>The ids of all algorithms, in order.</returns>
    static List<uint> Verify(ReadOnlySpan<byte> signatures, ReadOnlySpan<byte> signed, byte[] key)
    {
        var (used, verified) = (new List<uint>(), 0);
        var reader = new PrefixedReader(signatures);
        while (reader.Any)
        {
            var one = new PrefixedReader(reader.Part());
            used.Add(used.Count < MostParts ? one.Number() : throw Fault("There are too many signatures."));
            if (SchemeAlgorithm.Of(used[^1]) is { } algorithm)
            {
                verified += PublicKeys.Verify(key, algorithm.Kind, algorithm.Hash, signed, one.Part()) ? 1 : throw Fault("A signature does not fit.");
            }
        }

        return verified > 0 ? used : throw Fault("No signature is of a known kind.");
    }

    void ReadDigests(ReadOnlySpan<byte> digests, List<uint> used)
    {
        var (reader, count) = (0, 0);
        var parts = new PrefixedReader(digests);
        for (; parts.Any; count++)
        {
            var one = new PrefixedReader(parts.Part());
            var id = one.Number();
            if (count >= used.Count || used[count] != id)
            {
                throw Fault("Digests and signatures are of different kinds.");
            }

            if (SchemeAlgorithm.Of(id) is { } algorithm)
            {
                Digests.Add((algorithm.Hash, one.Part().ToArray()));
                reader++;
            }
        }

        if (reader == 0 || count != used.Count)
        {
            throw Fault("Digests and signatures are of different kinds.");
        }
    }

    void ReadAttributes(ReadOnlySpan<byte> attributes, bool third)
    {
        var reader = new PrefixedReader(attributes);
        for (var count = 0; reader.Any; count++)
        {
            var one = new PrefixedReader(count < MostParts ? reader.Part() : throw Fault("There are too many attributes."));
            switch (one.Number())
            {
                case Lineage when third:
                    Earlier = Earlier.Count == 0 ? SigningLineage.Read(one.Rest, Certificate) : throw Fault("There are two proofs of rotation.");
                    break;
                case Stripping when !third:
                    NewerScheme = one.Number();
                    break;
                case RotationMinSdk when third:
                    NewerScheme = 31;
                    break;
            }
        }
    }

    static PackageFormatException Fault(string message) => new(PackageFault.Signature, message);
}
