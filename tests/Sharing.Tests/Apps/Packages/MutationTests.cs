using System.Diagnostics;
using Sharing.Apps;

namespace Sharing.Tests.Apps.Packages;

/// <summary>Garbage near to the real thing: each run gives a package or one kind of fault, and soon.</summary>
[Trait("Row", "A6")]
public sealed class MutationTests
{
    [Theory]
    [MemberData(nameof(Subjects))]
    public void Five_hundred_mutations_give_one_kind_of_fault_and_none_takes_a_second(string subject) => Mutate(subject, 500);

    [Theory]
    [Trait("Category", "Full")]
    [MemberData(nameof(Subjects))]
    public void Ten_thousand_do_so_as_well(string subject) => Mutate(subject, 10_000);

    public static TheoryData<string> Subjects() => ["manifest", "small manifest", "resources", "directory", "signing block", "lineage", "JAR", "JAR manifest", "JAR block"];

    static void Mutate(string subject, int count)
    {
        var (seed, read, from) = Subject(subject);
        var random = new Random(7);
        var (faults, slowest) = (0, TimeSpan.Zero);
        for (var i = 0; i < count; i++)
        {
            var mutated = Change(seed, from, random);
            var (fault, took) = Run(read, mutated);
            took = took.TotalSeconds < 1 ? took : Run(read, mutated).Took; // once may be the machine's fault
            faults += fault;
            slowest = took > slowest ? took : slowest;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{subject}: {faults} of {count} refused, the slowest {slowest.TotalMilliseconds:F1} ms");
        Assert.InRange(slowest.TotalSeconds, 0, 1);
        Assert.InRange(faults, 0, count);
    }

    static (int Faults, TimeSpan Took) Run(Action<byte[]> read, byte[] mutated)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            read(mutated);
            return (0, Stopwatch.GetElapsedTime(start));
        }
        catch (PackageFormatException)
        {
            return (1, Stopwatch.GetElapsedTime(start));
        }
    }

    /// <summary>What is mutated, what reads it, and from where on it is mutated.</summary>
    static (byte[] Seed, Action<byte[]> Read, int From) Subject(string subject)
    {
        var real = Path.Combine(PackageFiles.Folder, "real");
        switch (subject)
        {
            case "manifest":
                return (ZipTrickTests.Entry(Path.Combine(real, "settings-8.0.10.apk"), "AndroidManifest.xml"), bytes => ManifestReader.Read(bytes, () => null), 0);
            case "small manifest":
                return (ZipTrickTests.Entry("full", "AndroidManifest.xml"), bytes => ManifestReader.Read(bytes, () => null), 0);
            case "resources":
                var manifest = ZipTrickTests.Entry("plain", "AndroidManifest.xml");
                return (ZipTrickTests.Entry("plain", "resources.arsc"), bytes => ReadWhole(new ZipForge().Add("AndroidManifest.xml", manifest).Add("resources.arsc", bytes, method: 0).Build()), 0);
            case "directory":
                var unlock = File.ReadAllBytes(Path.Combine(real, "unlock-2.0.0.apk"));
                return (unlock, ReadWhole, 33818);
            case "signing block":
                var server = File.ReadAllBytes(Path.Combine(real, "uia2-test-10.6.6.apk"));
                return (server, ReadWhole, server.AsSpan().LastIndexOf("APK Sig Block 42"u8) - 4096);
            case "lineage":
                return Lineage();
            case "JAR":
                return (PackageFiles.Bytes("entry.jar"), bytes => JarSignature.Verify(new MemoryStream(bytes)).Read("entry.json", 1000), 0);
            case "JAR manifest":
                return (ZipTrickTests.Entry("v1only", "META-INF/MANIFEST.MF"), bytes => JarSection.ReadAll(bytes, 1000).ForEach(section => JarDigests.Of(section, "-Digest")), 0);
            default:
                var block = ZipTrickTests.Entry("v1only", "META-INF/A.RSA");
                var signed = ZipTrickTests.Entry("v1only", "META-INF/A.SF");
                return (block, bytes => JarSigner.Verify(bytes, signed), 0);
        }
    }

    static (byte[] Seed, Action<byte[]> Read, int From) Lineage()
    {
        var bytes = PackageFiles.Bytes("rotated");
        var at = bytes.AsSpan().LastIndexOf(new byte[] { 0x8c, 0x6f, 0xa0, 0x3b });
        var length = BitConverter.ToInt32(bytes, at - 4) - 4;
        using var stream = new MemoryStream(bytes);
        var file = new PackageBytes(stream);
        var last = SchemeSigner.Read(SigningBlock.Read(file, ZipDirectory.Read(file).Start).V3, third: true)[0].Certificate;
        Assert.Single(SigningLineage.Read(bytes.AsSpan(at + 4, length), last));
        return (bytes.AsSpan(at + 4, length).ToArray(), mutated => SigningLineage.Read(mutated, last), 0);
    }

    static void ReadWhole(byte[] bytes)
    {
        using var apk = new MemoryStream(bytes);
        ApkReader.Read(apk);
    }

    static byte[] Change(byte[] seed, int from, Random random)
    {
        var bytes = (byte[])seed.Clone();
        for (var changes = random.Next(1, 6); changes > 0; changes--)
        {
            var at = random.Next(from, bytes.Length);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    uint[] odd = [0, 1, 7, 8, 0x7fffffff, 0x80000000, 0xffffffff, 0xfffffff0, (uint)bytes.Length, (uint)random.Next()];
                    BitConverter.TryWriteBytes(bytes.AsSpan(Math.Min(at & ~3, bytes.Length - 4)), odd[random.Next(odd.Length)]);
                    break;
                case 3:
                    var length = random.Next(Math.Min(64, bytes.Length - at));
                    bytes.AsSpan(random.Next(from, bytes.Length - length), length).CopyTo(bytes.AsSpan(at));
                    break;
                default:
                    bytes = random.Next(20) == 0 && at > from + 1 ? bytes[..at] : bytes;
                    break;
            }
        }

        return bytes;
    }
}
