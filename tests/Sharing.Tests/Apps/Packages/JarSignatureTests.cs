using System.Security.Cryptography;
using Sharing.Apps;
using Sharing.Trials.Apk;

namespace Sharing.Tests.Apps.Packages;

[Trait("Row", "A6")]
public sealed class JarSignatureTests
{
    [Fact]
    public void A_signed_index_gives_its_signer_and_what_was_signed()
    {
        using var jar = File.OpenRead(PackageFiles.Made("entry.jar"));
        var signature = JarSignature.Verify(jar);
        Assert.Equal(PackageFiles.Key("a"), Convert.ToHexStringLower(SHA256.HashData(signature.Certificate)));
        Assert.Equal("{\"timestamp\":1}\n"u8, signature.Read("entry.json", 1000));
        Assert.False(signature.UsesSha1);
    }

    [Fact]
    public void SHA_1_is_told()
    {
        using var jar = File.OpenRead(PackageFiles.Made("entry-sha1.jar"));
        Assert.True(JarSignature.Verify(jar).UsesSha1);
    }

    [Theory]
    [InlineData("META-INF/MANIFEST.MF", 1000)]
    [InlineData("other.json", 1000)]
    [InlineData("entry.json", 10)]
    public void Nothing_is_read_that_was_not_signed_or_is_larger_than_allowed(string entry, int most)
    {
        using var jar = File.OpenRead(PackageFiles.Made("entry.jar"));
        var signature = JarSignature.Verify(jar);
        Assert.Throws<PackageFormatException>(() => signature.Read(entry, most));
    }

    [Fact]
    public void Each_changed_byte_of_content_manifest_signature_file_or_block_is_found()
    {
        var bytes = PackageFiles.Bytes("entry.jar");
        var survived = 0;
        for (var at = 0; at < bytes.Length; at += 3)
        {
            var changed = (byte[])bytes.Clone();
            changed[at] ^= 0x10;
            using var jar = new MemoryStream(changed);
            try
            {
                Assert.Equal("{\"timestamp\":1}\n"u8, JarSignature.Verify(jar).Read("entry.json", 1000));
                survived++; // dates, checksums and the like, on which nothing depends
            }
            catch (PackageFormatException)
            {
            }
        }

        Assert.InRange(survived, 0, bytes.Length / 3 / 2);
    }

    [Fact]
    public void A_manifest_that_was_made_to_fit_changed_content_is_not_the_one_that_was_signed()
    {
        var (old, changed) = ("{\"timestamp\":1}\n"u8.ToArray(), "{\"timestamp\":9}\n"u8.ToArray());
        byte[] Part(string name) => PackageFiles.Entry("entry.jar", name);
        var manifest = System.Text.Encoding.UTF8.GetString(Part("META-INF/MANIFEST.MF"));
        var fitting = manifest.Replace(Convert.ToBase64String(SHA256.HashData(old)), Convert.ToBase64String(SHA256.HashData(changed)), StringComparison.Ordinal);
        Assert.NotEqual(manifest, fitting);
        byte[] Jar(string text, byte[] content) => new ZipForge().Add("entry.json", content).Add("META-INF/MANIFEST.MF", System.Text.Encoding.UTF8.GetBytes(text))
            .Add("META-INF/A.SF", Part("META-INF/A.SF")).Add("META-INF/A.RSA", Part("META-INF/A.RSA")).Build();
        Assert.Equal(old, JarSignature.Verify(new MemoryStream(Jar(manifest, old))).Read("entry.json", 100));
        Assert.Throws<PackageFormatException>(() => JarSignature.Verify(new MemoryStream(Jar(fitting, changed))));
    }

    [Fact]
    public void The_signature_of_another_file_two_signers_and_no_signature_are_refused()
    {
        foreach (var name in new[] { "two", "unsigned", "v1-tampered" })
        {
            using var jar = File.OpenRead(PackageFiles.Made(name));
            Assert.Equal(PackageFault.Signature, Assert.Throws<PackageFormatException>(() => JarSignature.Verify(jar)).Reason);
        }
    }
}
