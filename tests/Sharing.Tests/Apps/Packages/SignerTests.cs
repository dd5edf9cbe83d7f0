using Sharing.Apps;
using Sharing.Trials.Apk;

namespace Sharing.Tests.Apps.Packages;

[Trait("Row", "A6")]
public sealed class SignerTests
{
    /// <summary>Where we say something else than apksigner does, and why.</summary>
    static readonly Dictionary<string, string> s_exceptions = new(StringComparer.Ordinal)
    {
        ["dup-v2-last.apk"] = "apksigner takes the first of two signatures of one scheme; other readers take the last, so neither is to be trusted",
        ["v123-stripped.apk"] = "an old device takes what a new one refuses: we refuse it for all",
        ["v3-stripped.apk"] = "an old device takes what a new one refuses: we refuse it for all",
        ["fake-v1.apk"] = "an old device takes what a new one refuses: we refuse it for all",
        ["v1only-target30.apk"] = "an old device takes what a new one refuses: it has no signer",
        ["v31.apk"] = "this apksigner does not know scheme 3.1",
    };

    [Fact]
    public void At_each_API_level_the_signers_are_those_that_apksigner_verifies()
    {
        var (differences, compared, told) = (new List<string>(), 0, new HashSet<string>(StringComparer.Ordinal));
        foreach (var apk in PackageFiles.All.Where(apk => !apk.EndsWith("bomb.apk", StringComparison.Ordinal)))
        {
            var package = Read(apk);
            foreach (var sdk in new[] { 23, 27, 29, 33 }.Where(sdk => package is null || sdk >= package.MinSdk))
            {
                var expected = string.Join(' ', (PackageFiles.Oracle(apk, $"{sdk}") ?? []).Order(StringComparer.Ordinal));
                var actual = string.Join(' ', (package?.Signers.LastOrDefault(signer => signer.FromSdk <= sdk)?.Certificates ?? []).Order(StringComparer.Ordinal));
                compared++;
                if (expected != actual)
                {
                    (s_exceptions.ContainsKey(Path.GetFileName(apk)) ? [] : differences).Add($"{Path.GetFileName(apk)} at {sdk}: apksigner {expected}, we {actual}");
                    told.Add(Path.GetFileName(apk));
                }
            }
        }

        Assert.Empty(differences);
        Assert.Empty(s_exceptions.Keys.Except(told));
        Assert.InRange(compared, 120, int.MaxValue);
    }

    [Theory]
    [InlineData("v1-tampered")]
    [InlineData("v2-tampered")]
    [InlineData("v3-tampered")]
    [InlineData("v123-stripped")]
    [InlineData("v3-stripped")]
    [InlineData("dup-v2-last")]
    [InlineData("dup-v2-first")]
    [InlineData("v2-of-another")]
    [InlineData("fake-v1")]
    public void A_signature_that_was_tampered_with_removed_doubled_or_borrowed_is_refused(string name)
    {
        using var apk = File.OpenRead(PackageFiles.Made(name));
        Assert.Equal(PackageFault.Signature, Assert.Throws<PackageFormatException>(() => ApkReader.Read(apk)).Reason);
    }

    [Fact]
    public void A_JAR_signature_of_one_key_beside_a_valid_signature_of_another_is_refused()
    {
        using var fake = new MemoryStream(SchemeTwo.Sign(PackageFiles.Bytes("v1only")));
        Assert.Contains("different signers", Assert.Throws<PackageFormatException>(() => ApkReader.Read(fake)).Message, StringComparison.Ordinal);
        using var alone = new MemoryStream(SchemeTwo.Sign(PackageFiles.Bytes("unsigned")));
        Assert.Equal([24], ApkReader.Read(alone).Signers.Select(signer => signer.FromSdk));
    }

    [Fact]
    public void A_signature_of_something_else_is_refused_though_all_digests_are_right()
    {
        using var forged = new MemoryStream(SchemeTwo.Sign(PackageFiles.Bytes("unsigned"), forged: true));
        Assert.Contains("does not fit", Assert.Throws<PackageFormatException>(() => ApkReader.Read(forged)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rotated_package_is_the_old_signers_below_API_28_and_the_new_ones_from_there_with_proof()
    {
        var (a, b) = (PackageFiles.Key("a"), PackageFiles.Key("b"));
        var signers = Read(PackageFiles.Made("rotated"))!.Signers;
        Assert.Equal([1, 24, 28], signers.Select(signer => signer.FromSdk));
        Assert.Equal([a, a, b], signers.Select(signer => Assert.Single(signer.Certificates)));
        Assert.Equal([a], signers[2].Earlier);
        Assert.Equal([1, 2, 3], signers.Select(signer => signer.Scheme));
    }

    [Fact]
    public void Two_signers_are_two_certificates_and_scheme_3_1_is_for_API_33()
    {
        Assert.All(Read(PackageFiles.Made("two"))!.Signers, signer => Assert.Equal([PackageFiles.Key("a"), PackageFiles.Key("b")], signer.Certificates));
        Assert.Equal(33, Assert.Single(Read(PackageFiles.Made("v31"))!.Signers).FromSdk);
    }

    [Fact]
    public void The_SHA_256_of_the_file_comes_with_it_and_any_stream_that_seeks_will_do()
    {
        var bytes = PackageFiles.Bytes("v123");
        using var open = new MemoryStream(bytes, 0, bytes.Length, writable: false, publiclyVisible: true);
        using var hidden = new MemoryStream(bytes);
        var (one, other) = (ApkReader.Read(open), ApkReader.Read(hidden));
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)), one.Sha256);
        Assert.Equal(one.Sha256, other.Sha256);
        Assert.Equal(3, other.Signers.Count);
    }

    static AppPackage? Read(string path)
    {
        using var apk = File.OpenRead(path);
        try
        {
            return ApkReader.Read(apk);
        }
        catch (PackageFormatException)
        {
            return null;
        }
    }
}
