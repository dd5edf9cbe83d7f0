using System.Diagnostics;
using System.IO.Compression;
using System.Text;

namespace Sharing.Tests.Apps;

/// <summary>A repository as Debian's fdroid makes it, in three states one after the other. Made once for all tests that want it.</summary>
public sealed class FdroidStates : IAsyncLifetime
{
    /// <summary>The tests that share it.</summary>
    public const string Name = "F-Droid";

    const string Framework = "/usr/share/android-framework-res/framework-res.apk";

    readonly string _folder = Directory.CreateTempSubdirectory("sharing-fdroid").FullName;

    /// <summary>The folder of a state, 1 to 3.</summary>
    public string At(int state) => Path.Combine(_folder, $"state{state}");

    public async ValueTask InitializeAsync()
    {
        Assert.True(File.Exists(Framework), "This needs Debian's android-framework-res.");
        await RunAsync("keytool", "-genkeypair", "-keystore", "author.jks", "-storepass", "android", "-keypass", "android", "-alias", "k", "-keyalg", "RSA", "-keysize", "2048", "-validity", "9000", "-dname", "CN=Author");
        await RunAsync("fdroid", "init");
        await PackageAsync("org.example.one", 1, 21, 28);
        await PackageAsync("org.example.two", 7, 21, 30, """<uses-feature android:name="android.hardware.camera"/>""", "android:maxSdkVersion=\"33\"", "arm64-v8a", "x86_64");
        await PackageAsync("org.example.three", 3, 16, 27);
        await UpdateAsync(1);
        await PackageAsync("org.example.one", 2, 23, 33);
        await UpdateAsync(2);
        File.Delete(Path.Combine(_folder, "repo", "org.example.three_3.apk"));
        await PackageAsync("org.example.four", 4, 24, 34, abis: "armeabi-v7a");
        await UpdateAsync(3);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return default;
    }

    /// <summary>An entry that the repository's own key signed, by the digests given, and others' keys as well.</summary>
    internal async Task<byte[]> SignAsync(string entry, string digest = "SHA-256", params string[] others)
    {
        var settings = (await File.ReadAllLinesAsync(Path.Combine(_folder, "config.yml"))).Where(line => line.Contains(": ", StringComparison.Ordinal) && line[0] != '#')
            .Select(line => line.Split(": ", 2)).ToLookup(pair => pair[0], pair => pair[1].Trim().Trim('"', '\''));
        var jar = await PackAsync(entry);
        await JarsignAsync(jar, Path.Combine(_folder, "keystore.p12"), settings["keystorepass"].Last(), settings["repo_keyalias"].Last(), digest);
        foreach (var other in others)
        {
            await JarsignAsync(jar, other, "android", "k", digest);
        }

        return await File.ReadAllBytesAsync(jar);
    }

    /// <summary>An entry that somebody else's key signed.</summary>
    internal async Task<byte[]> SignByAsync(string entry, string keystore)
    {
        var jar = await PackAsync(entry);
        await JarsignAsync(jar, keystore, "android", "k", "SHA-256");
        return await File.ReadAllBytesAsync(jar);
    }

    /// <summary>The key of the apps' author, who is not the repository's.</summary>
    internal string Author => Path.Combine(_folder, "author.jks");

    async Task<string> PackAsync(string entry)
    {
        var jar = Path.Combine(_folder, $"{Guid.NewGuid():n}.jar");
        await using var zip = await ZipFile.OpenAsync(jar, ZipArchiveMode.Create);
        await using var stream = await zip.CreateEntry("entry.json").OpenAsync();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(entry));
        return jar;
    }

    Task JarsignAsync(string jar, string keystore, string password, string alias, string digest) =>
        RunAsync("jarsigner", "-keystore", keystore, "-storepass", password, "-digestalg", digest, jar, alias);

    async Task PackageAsync(string app, int code, int min, int target, string elements = "", string sdk = "", params string[] abis)
    {
        var work = Directory.CreateDirectory(Path.Combine(_folder, $"{app}_{code}")).FullName;
        await File.WriteAllTextAsync(Path.Combine(work, "AndroidManifest.xml"), $"""
            <manifest xmlns:android="http://schemas.android.com/apk/res/android" package="{app}" android:versionCode="{code}" android:versionName="{code}.0">
              <uses-sdk android:minSdkVersion="{min}" android:targetSdkVersion="{target}" {sdk}/>
              {elements}
              <application android:label="App {app}"><activity android:name=".M"/></application>
            </manifest>
            """);
        var unsigned = Path.Combine(work, "unsigned.apk");
        await RunAsync("aapt", "package", "-f", "-M", Path.Combine(work, "AndroidManifest.xml"), "-I", Framework, "-F", unsigned);
        await using (var zip = await ZipFile.OpenAsync(unsigned, ZipArchiveMode.Update))
        {
            foreach (var abi in abis)
            {
                await using var library = await zip.CreateEntry($"lib/{abi}/libx.so").OpenAsync();
                await library.WriteAsync(new byte[8]);
            }
        }

        await RunAsync("apksigner", "sign", "--ks", Author, "--ks-pass", "pass:android", "--v4-signing-enabled", "false", "--out", Path.Combine(_folder, "repo", $"{app}_{code}.apk"), unsigned);
    }

    async Task UpdateAsync(int state)
    {
        await Task.Delay(TimeSpan.FromSeconds(1.1), TimeProvider.System); // its timestamps are whole seconds
        await RunAsync("fdroid", "update", "-c");
        await RunAsync("cp", "-r", Path.Combine(_folder, "repo"), At(state));
    }

    async Task RunAsync(string tool, params string[] arguments)
    {
        Process? process;
        try
        {
            process = Process.Start(new ProcessStartInfo(tool, arguments) { WorkingDirectory = _folder, RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["HOME"] = _folder, ["LANG"] = "C.UTF-8" } });
        }
        catch (System.ComponentModel.Win32Exception)
        {
            process = null;
        }

        Assert.True(process is not null, $"This needs {tool}, of Debian's aapt, apksigner, fdroidserver and a JDK.");
        using (process)
        {
            var output = process!.StandardOutput.ReadToEndAsync();
            var errors = await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            Assert.True(process.ExitCode == 0, $"{tool} {string.Join(' ', arguments)}: {await output} {errors}");
        }
    }
}

[CollectionDefinition(FdroidStates.Name)]
public sealed class FdroidCollection : ICollectionFixture<FdroidStates>;
