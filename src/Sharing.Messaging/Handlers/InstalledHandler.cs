using Sharing.Core;

namespace Sharing.Messaging;

/// <summary>A handler that was fetched: a program that is confined, and gets the resource and nothing else. Thread-safe.</summary>
sealed class InstalledHandler(StoredHandler handler, string folder, IConfinedRunner runner, Action<HandlerManifest> requireInTime) : IResourceHandler
{
    /// <summary>Where its files are in its working directory.</summary>
    const string Place = "handler/";

    public string Id => handler.Manifest.Id;

    public IReadOnlyList<HandledKind> Kinds => handler.Manifest.Kinds;

    public async Task<OpenedResource> OpenAsync(ResourceToOpen resource, Stream output, CancellationToken cancellationToken = default)
    {
        var manifest = handler.Manifest;
        requireInTime(manifest);
        var entry = Place + manifest.Entry;
        var program = new ConfinedProgram { Path = manifest.Interpreter ?? entry, Arguments = manifest.Interpreter is null ? [] : [entry], Files = await FilesAsync(cancellationToken) };
        var outcome = await runner.RunAsync(program, new ContentStream(resource.Content, ContentArea.Data, 0), output, cancellationToken); // the stream is not disposed: the reader is the caller's
        return outcome.End == ConfinedEnd.Finished
            ? new(Id, manifest.Gives)
            : throw new SharingException(ProblemCodes.InvalidInput, $"{manifest.Title} could not open it ({outcome.End}). {outcome.Log.Trim()}".TrimEnd());
    }

    /// <summary>Its files, as they were signed. What is checked here is what is run: from here on they are bytes in memory.</summary>
    async Task<IReadOnlyList<ConfinedFile>> FilesAsync(CancellationToken cancellationToken)
    {
        var files = new List<ConfinedFile>();
        foreach (var file in handler.Manifest.Files)
        {
            var path = Path.Combine(folder, file.Path);
            var bytes = new FileInfo(path) is { Exists: true, LinkTarget: null } there && there.Length == file.Length ? await File.ReadAllBytesAsync(path, cancellationToken) : [];
            files.Add(HandlerPackage.HashOf(bytes) == file.Content ? new(Place + file.Path, bytes)
                : throw new HandlerRefusedException(HandlerFault.Changed, $"'{file.Path}' of {handler.Manifest.Title} is not what was signed any more. Remove the handler, and have it fetched again."));
        }

        return files;
    }
}
