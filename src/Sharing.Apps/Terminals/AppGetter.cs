using Sharing.Core;

namespace Sharing.Apps;

/// <summary>A terminal's one tap: asks what fits, fetches it, checks it, and hands it to the installer (row A6). Thread-safe.</summary>
/// <param name="matcher">Says what fits.</param>
/// <param name="fetch">Opens the file of a package, at the server or elsewhere.</param>
/// <param name="engine">Fetches.</param>
/// <param name="contents">Keeps what was fetched.</param>
/// <param name="records">Keeps how far a transfer is.</param>
public sealed class AppGetter(ICompatibilityMatcher matcher, Func<AppPackage, IContentSource> fetch, TransferEngine engine, IContentStore contents, IRecordStore records)
{
    /// <summary>Gets an app.</summary>
    /// <param name="request">Which, and for what device.</param>
    /// <param name="installer">Takes it.</param>
    /// <param name="progress">Is told of the download.</param>
    /// <param name="cancellationToken">Gives up; what was fetched is kept, and taken up again.</param>
    /// <returns>What came of it; <c>null</c>: nobody knows the app.</returns>
    /// <exception cref="SharingException"><see cref="ProblemCodes.InvalidInput"/>: what came is not the package that was promised, or the device refused it.</exception>
    public async Task<GottenApp?> GetAsync(AppRequest request, IAppInstaller installer, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        if (await matcher.MatchAsync(request, cancellationToken) is not { } match)
        {
            return null;
        }

        if (match.Best is not { } package)
        {
            return new(match, null);
        }

        await using var transfer = await engine.StartAsync(
            new() { Key = $"app.{package.Sha256}", Sources = [fetch(package)], Content = package.Content, MaxLength = package.Length, Progress = progress }, cancellationToken);
        var result = await transfer.Completion.WaitAsync(cancellationToken);
        await records.CommitAsync(new RecordBatch().Delete(result.State, RecordBatch.Any), cancellationToken); // nothing is to be gone on with
        using var copy = new TemporaryPackage(FolderInstaller.NameOf(package));
        var came = await PackageCheck.ReadAsync(contents, result.Content, package, copy.Path, cancellationToken);
        RequireSigner(came, request);
        return new(match, await installer.InstallAsync(came, copy.Path, cancellationToken));
    }

    // Whoever matched may have been wrong, or lied: what a terminal installs it has looked at itself.
    static void RequireSigner(AppPackage came, AppRequest request)
    {
        if (new PackageMatcher().Match(request.Device, [came], request.Installed).Candidates[0].Failed.FirstOrDefault(static rule => rule.Rule is "signature-scheme" or "signer" or "downgrade") is { } wrong)
        {
            throw new SharingException(ProblemCodes.InvalidInput, $"The package is not for this device after all. {wrong}.");
        }
    }
}
