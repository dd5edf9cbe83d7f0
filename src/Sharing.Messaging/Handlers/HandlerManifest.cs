namespace Sharing.Messaging;

/// <summary>What a handler package says of itself: the file <c>manifest.json</c> in it, whose bytes its signer has signed.</summary>
public sealed record HandlerManifest
{
    /// <summary>The handler's name, e.g. "org.example.player": lower-case letters, digits, dots and hyphens.</summary>
    public required string Id { get; init; }

    /// <summary>Its version, which only grows.</summary>
    public required int Version { get; init; }

    /// <summary>What people call it.</summary>
    public required string Title { get; init; }

    /// <summary>The kinds that it opens.</summary>
    public required IReadOnlyList<HandledKind> Kinds { get; init; }

    /// <summary>Where it runs: "any", or a runtime identifier of .NET as "linux-x64".</summary>
    public required string Platform { get; init; }

    /// <summary>The file that is run.</summary>
    public required string Entry { get; init; }

    /// <summary>The program that runs it, below <c>/usr</c>; <c>null</c>: it runs by itself.</summary>
    public string? Interpreter { get; init; }

    /// <summary>The media type of what it gives.</summary>
    public required string Gives { get; init; }

    /// <summary>When it is not to be run any more; <c>null</c>: never.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>All files of the package but this one and the signature.</summary>
    public IReadOnlyList<HandlerFile> Files { get; init => field = value ?? []; } = [];
}
