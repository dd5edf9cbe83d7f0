using System.Security.Cryptography;

namespace Sharing.Apps;

/// <summary>Verifies the signatures of a package, and says who signed it as devices see it: scheme 3.1 from API 33, 3 from 28, 2 from 24, 1 (JAR) before, each device taking the newest.</summary>
/// <remarks>
/// Only schemes that a device would look at are checked, and of those each must be right: a file that some devices would take and others refuse is refused. What an older scheme says of a
/// newer one must hold, else somebody took the newer one out. A signer comes out of the very bytes that were verified.
/// </remarks>
static class ApkSignatures
{
    const int SecondSdk = 24, ThirdSdk = 28, ThirdOneSdk = 33, JarIsNotEnoughSdk = 30;

    public static IReadOnlyList<PackageSigner> Verify(PackageBytes bytes, ZipDirectory zip, AppPackage package, CancellationToken cancellationToken)
    {
        var block = SigningBlock.Read(bytes, zip.Start);
        var newest = block.V31 is { } rotated ? SchemeSigner.Read(rotated, third: true) : [];
        var third = block.V3 is { } value ? SchemeSigner.Read(value, third: true) : [];
        var second = block.V2 is { } older && (third.Count == 0 || package.MinSdk < ThirdSdk) ? SchemeSigner.Read(older, third: false) : [];
        RequireNewer(second, third, block);
        RequireContent(bytes, zip, block.Start, [.. newest, .. third, .. second], cancellationToken);
        var first = package.MinSdk < SecondSdk || (second.Count == 0 && third.Count == 0 && newest.Count == 0) ? JarVerification.Verify(bytes, zip, cancellationToken) : null;
        if (first is not null && ((first.NewerSchemes.Contains(2) && block.V2 is null) || (first.NewerSchemes.Contains(3) && block.V3 is null)))
        {
            throw Fault("A newer signature was taken out.");
        }

        var jar = first?.Signers.ConvertAll(static signer => signer.Certificate) ?? [];
        RequireSame(jar, second, third, newest);
        return List(jar, second, third, newest, Math.Max(package.TargetSdk, package.MinSdk));
    }

    /// <summary>What an older scheme says about a newer one.</summary>
    static void RequireNewer(List<SchemeSigner> second, List<SchemeSigner> third, SigningBlock block)
    {
        if ((block.V3 is null && second.Exists(static signer => signer.NewerScheme == 3)) || (block.V31 is null && third.Exists(static signer => signer.NewerScheme == 31)))
        {
            throw Fault("A newer signature was taken out.");
        }
    }

    static void RequireContent(PackageBytes bytes, ZipDirectory zip, long block, List<SchemeSigner> signers, CancellationToken cancellationToken)
    {
        HashAlgorithmName[] hashes = [.. signers.SelectMany(static signer => signer.Digests).Select(static digest => digest.Hash).Distinct()];
        if (hashes.Length == 0)
        {
            return;
        }

        var content = ContentDigests.Compute(bytes, zip, block, hashes, cancellationToken);
        foreach (var (hash, digest) in signers.SelectMany(static signer => signer.Digests))
        {
            if (!digest.AsSpan().SequenceEqual(content[Array.IndexOf(hashes, hash)]))
            {
                throw Fault("The file is not the one that was signed.");
            }
        }
    }

    /// <summary>All schemes name the same signers, or with scheme 3 the one from which it took over: no signature of one app beside one of another.</summary>
    static void RequireSame(List<SigningCertificate> first, List<SchemeSigner> second, List<SchemeSigner> third, List<SchemeSigner> newest)
    {
        var sets = new[] { first.ConvertAll(static signer => signer.Id), second.ConvertAll(static signer => signer.Certificate.Id), third.ConvertAll(Oldest), newest.ConvertAll(Oldest) }
            .Where(static ids => ids.Count > 0).Select(static ids => ids.ToHashSet(StringComparer.Ordinal)).ToArray();
        if (sets.Skip(1).Any(set => !set.SetEquals(sets[0])))
        {
            throw Fault("Its signatures are of different signers.");
        }
    }

    static string Oldest(SchemeSigner signer) => signer.Earlier.Count > 0 ? signer.Earlier[0].Id : signer.Certificate.Id;

    static List<PackageSigner> List(List<SigningCertificate> first, List<SchemeSigner> second, List<SchemeSigner> third, List<SchemeSigner> newest, int targetSdk)
    {
        var signers = new List<PackageSigner>();
        var newer = second.Count > 0 || third.Count > 0 || newest.Count > 0;
        if (first.Count > 0 && (newer || targetSdk < JarIsNotEnoughSdk))
        {
            signers.Add(new() { FromSdk = 1, Scheme = 1, Certificates = [.. first.Select(static signer => signer.Id)] });
        }

        if (second.Count > 0)
        {
            signers.Add(new() { FromSdk = SecondSdk, Scheme = 2, Certificates = [.. second.Select(static signer => signer.Certificate.Id)] });
        }

        signers.AddRange(Ranges(third, ThirdSdk));
        signers.AddRange(Ranges(newest, ThirdOneSdk));
        return signers;
    }

    /// <summary>The signers of a scheme that gives each its own API levels.</summary>
    static IEnumerable<PackageSigner> Ranges(List<SchemeSigner> signers, int least)
    {
        var end = -1;
        foreach (var signer in signers.OrderBy(static signer => signer.Sdk.Least))
        {
            yield return signer.Sdk.Least <= end ? throw Fault("Two signers are for one API level.") : new()
            {
                FromSdk = Math.Max(signer.Sdk.Least, least),
                Scheme = 3,
                Certificates = [signer.Certificate.Id],
                Earlier = [.. signer.Earlier.Select(static certificate => certificate.Id)],
            };
            end = signer.Sdk.Most;
        }
    }

    static PackageFormatException Fault(string message) => new(PackageFault.Signature, message);
}
