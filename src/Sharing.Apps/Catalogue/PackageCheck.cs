using System.Security.Cryptography;
using Sharing.Core;

namespace Sharing.Apps;

/// <summary>Sees whether bytes are the package that they are said to be.</summary>
static class PackageCheck
{
    /// <summary>What a package says of itself.</summary>
    /// <exception cref="SharingException"><see cref="ProblemCodes.InvalidInput"/>: it is not what was promised, or no package.</exception>
    public static async Task<AppPackage> ReadAsync(IContentStore contents, ContentInfo content, AppPackage? promised, CancellationToken cancellationToken)
    {
        await using var reader = await contents.OpenAsync(content.Id, cancellationToken) ?? throw new SharingException(ProblemCodes.NotFound, "The content is not here.");
        await using var stream = new SeekableContent(reader);
        if (promised is { Os: not "android" })
        {
            var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken));
            return hash == promised.Sha256 ? promised with { Content = content.Id, Length = content.Length, Address = null }
                : throw new SharingException(ProblemCodes.InvalidInput, "The file is not the one that the catalogue names: its SHA-256 differs.");
        }

        AppPackage package;
        try
        {
            package = await Task.Run(() => ApkReader.Read(stream), cancellationToken) with { Content = content.Id };
        }
        catch (PackageFormatException e)
        {
            throw new SharingException(ProblemCodes.InvalidInput, e.Message, e);
        }

        return package.Signers.Count == 0 ? throw new SharingException(ProblemCodes.InvalidInput, "The package has no signature that a device would take.")
            : promised is not null && Difference(promised, package) is { } difference ? throw new SharingException(ProblemCodes.InvalidInput, $"The file is not the package that the catalogue names: {difference} differs.")
            : package with { Name = promised?.Name ?? package.Name };
    }

    static string? Difference(AppPackage promised, AppPackage package) =>
        promised.Sha256 is { } hash && hash != package.Sha256 ? "its SHA-256"
        : promised.App != package.App ? "its id"
        : promised.VersionCode != package.VersionCode ? "its version"
        : promised.Signers.Count > 0 && !promised.Signers.SelectMany(static signer => signer.Certificates).Intersect(package.Signers.SelectMany(static signer => signer.Certificates), StringComparer.Ordinal).Any() ? "who signed it"
        : null;
}
