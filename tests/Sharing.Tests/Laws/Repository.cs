using System.Reflection;
using System.Runtime.CompilerServices;

namespace Sharing.Tests.Laws;

/// <summary>The source tree that the tests were built from.</summary>
static class Repository
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", ".."));

    public static Assembly[] Packages { get; } =
    [
        typeof(ContentId).Assembly, typeof(Core.Blake3).Assembly, typeof(Sqlite.SqliteRecordStore).Assembly, typeof(PostgreSql.PostgreSqlRecordStore).Assembly, typeof(S3.S3ContentStore).Assembly, typeof(Offline.OfflineLibrary).Assembly, typeof(global::Sharing.P2P.SwarmNode).Assembly,
        typeof(global::Sharing.Apps.PackageMatcher).Assembly, typeof(global::Sharing.Photos.IPhotos).Assembly, typeof(global::Sharing.Messaging.IInbox).Assembly, typeof(global::Sharing.SharingSocialExtensions).Assembly,
        typeof(AspNetCore.CallerOptions).Assembly, typeof(Testing.RecordStoreSuite).Assembly,
    ];

    public static IEnumerable<string> Sources(string folder = "src") =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal));

    /// <summary>A sample as it was built together with the tests.</summary>
    public static string Sample(string name, string assembly) =>
        Path.Combine(Root, "samples", name, "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0", assembly);

    /// <summary>Compares with a committed text; SHARING_APPROVE=1 writes it instead.</summary>
    public static void ShouldBeApproved(string path, string text)
    {
        var file = Path.Combine(Root, path);
        if (Environment.GetEnvironmentVariable("SHARING_APPROVE") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }

        Assert.True(File.Exists(file), $"{path} is missing; run the tests once with SHARING_APPROVE=1 and look at it.");
        Assert.Equal(File.ReadAllText(file), text);
    }

    static string Here([CallerFilePath] string path = "") => path;
}
