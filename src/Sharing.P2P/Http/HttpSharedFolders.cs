using System.Runtime.CompilerServices;
using Sharing.Core;

namespace Sharing.P2P;

/// <summary>The shared folders of a terminal that is running already, over HTTP. Thread-safe.</summary>
public sealed class HttpSharedFolders(ServerConnection terminal) : ISharedFolders
{
    /// <inheritdoc/>
    public async Task AddAsync(PersonId actor, SharedFolder folder, CancellationToken cancellationToken = default) =>
        _ = await terminal.SendAsync(actor, HttpMethod.Put, "v1/folders", folder, P2PJson.Default.SharedFolder, P2PJson.Default.SharedFolder, null, cancellationToken)
            ?? throw new SharingException(ProblemCodes.RoleNotHere, "That terminal shares no folders.");

    /// <inheritdoc/>
    public Task<bool> StopAsync(PersonId actor, string path, CancellationToken cancellationToken = default) =>
        terminal.TellAsync(actor, HttpMethod.Delete, $"v1/folders?path={Uri.EscapeDataString(path)}", cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<SharedFolder> ListAsync(PersonId actor, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var folder in await terminal.GetAsync(actor, "v1/folders", P2PJson.Default.SharedFolderArray, cancellationToken) ?? [])
        {
            yield return folder;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<FolderFile> FilesAsync(PersonId actor, string? path = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var address = "v1/folders/files" + (path is null ? "" : $"?path={Uri.EscapeDataString(path)}");
        foreach (var file in await terminal.GetAsync(actor, address, P2PJson.Default.FolderFileArray, cancellationToken) ?? [])
        {
            yield return file;
        }
    }
}
