using System.Text.Json;

namespace Sharing.Apps;

/// <summary>A file of a repository.</summary>
/// <param name="Name">Its path, from the repository's address on.</param>
/// <param name="Sha256">In lower-case hex.</param>
/// <param name="Length">In bytes.</param>
sealed record FdroidFile(string Name, string Sha256, long Length)
{
    /// <summary>Reads what an index says of a file.</summary>
    /// <exception cref="PackageFormatException">It does not say enough.</exception>
    public static FdroidFile Read(JsonElement file)
    {
        var (name, sha256, length) = (file.GetProperty("name").GetString(), file.GetProperty("sha256").GetString(), file.GetProperty("size").GetInt64());
        return name is { Length: > 0 } && sha256 is not null && FdroidEntry.IsSha256(sha256) && length >= 0
            ? new(name, sha256, length)
            : throw new PackageFormatException(PackageFault.Index, "A file without name, hash or length.");
    }
}
