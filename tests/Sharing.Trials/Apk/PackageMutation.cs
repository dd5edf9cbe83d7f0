using System.Diagnostics;
using System.IO.Compression;
using Sharing.Apps;

namespace Sharing.Trials.Apk;

/// <summary>Garbage near to the real thing: what a reader of packages is given, and what reads it.</summary>
static class PackageMutation
{
    public static readonly string[] Subjects = ["manifest", "small manifest", "resources", "directory", "signing block", "lineage", "JAR", "JAR manifest", "JAR block"];

    /// <summary>Reads mutations; an exception of another kind than <see cref="PackageFormatException"/> goes through.</summary>
    /// <returns>How many were refused, and how long the slowest took.</returns>
    public static (int Refused, TimeSpan Slowest) Mutate(string subject, int count, Random random)
    {
        var (seed, read, from) = Subject(subject);
        read(seed); // as it is, it is in order
        var (refused, slowest) = (0, TimeSpan.Zero);
        for (var i = 0; i < count; i++)
        {
            var mutated = Change(seed, from, random);
            var (fault, took) = Run(read, mutated);
            took = took.TotalSeconds < 1 ? took : Run(read, mutated).Took; // once may be the machine's fault
            refused += fault;
            slowest = took > slowest ? took : slowest;
        }

        return (refused, slowest);
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
                return (PackageFiles.Entry(Path.Combine(real, "settings-8.0.10.apk"), "AndroidManifest.xml"), bytes => ManifestReader.Read(bytes, () => null), 0);
            case "small manifest":
                return (PackageFiles.Entry("full", "AndroidManifest.xml"), bytes => ManifestReader.Read(bytes, () => null), 0);
            case "resources":
                var manifest = PackageFiles.Entry("plain", "AndroidManifest.xml");
                return (PackageFiles.Entry("plain", "resources.arsc"), bytes => ReadVersion(Zip(("AndroidManifest.xml", manifest), ("resources.arsc", bytes))), 0);
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
                return (PackageFiles.Entry("v1only", "META-INF/MANIFEST.MF"), bytes => JarSection.ReadAll(bytes, 1000).ForEach(section => JarDigests.Of(section, "-Digest")), 0);
            default:
                var block = PackageFiles.Entry("v1only", "META-INF/A.RSA");
                var signed = PackageFiles.Entry("v1only", "META-INF/A.SF");
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
        return (bytes.AsSpan(at + 4, length).ToArray(), mutated => SigningLineage.Read(mutated, last), 0);
    }

    static void ReadWhole(byte[] bytes)
    {
        using var apk = new MemoryStream(bytes);
        ApkReader.Read(apk);
    }

    /// <summary>Broken resources keep no package from being read; what is lost with them counts as refused here.</summary>
    static void ReadVersion(byte[] bytes)
    {
        using var apk = new MemoryStream(bytes);
        _ = ApkReader.Read(apk).Version ?? throw new PackageFormatException(PackageFault.Manifest, "The version is a resource that is not there.");
    }

    static byte[] Zip(params ReadOnlySpan<(string Name, byte[] Content)> entries)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in entries)
            {
                using var entry = zip.CreateEntry(name, CompressionLevel.NoCompression).Open();
                entry.Write(content);
            }
        }

        return bytes.ToArray();
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
