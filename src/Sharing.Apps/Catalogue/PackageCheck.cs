using System.Security.Cryptography;
using Sharing.Core;

namespace Sharing.Apps;

/// <summary>Sees whether bytes are the package that they are said to be.</summary>
static class PackageCheck
{
    /// <summary>What a package says of itself, read from a copy of its bytes in a file.</summary>
    /// <param name="contents">The store.</param>
    /// <param name="content">The bytes.</param>
    /// <param name="promised">What a catalogue said of it.</param>
    /// <param name="path">Where the copy goes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SharingException"><see cref="ProblemCodes.InvalidInput"/>: it is not what was promised, or no package.</exception>
    public static async Task<AppPackage> ReadAsync(IContentStore contents, ContentInfo content, AppPackage? promised, string path, CancellationToken cancellationToken)
    {
        await using var reader = await contents.OpenAsync(content.Id, cancellationToken) ?? throw new SharingException(ProblemCodes.NotFound, "The content is not here.");
        await using var copy = new FileStream(path, FileMode.Create, FileAccess.ReadWrite);
        await using (var bytes = new ContentStream(reader, ContentArea.Data, 0))
        {
            await bytes.CopyToAsync(copy, cancellationToken);
        }

        copy.Position = 0;
        if (promised is { Os: not "android" })
        {
            var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(copy, cancellationToken));
            return hash == promised.Sha256 ? promised with { Content = content.Id, Length = content.Length, Address = null }
                : throw new SharingException(ProblemCodes.InvalidInput, "The file is not the one that the catalogue names: its SHA-256 differs.");
        }

        AppPackage package;
        try
        {
            package = await Task.Run(() => ApkReader.Read(copy, cancellationToken), cancellationToken) with { Content = content.Id };
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
