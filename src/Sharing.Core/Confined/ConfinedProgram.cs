namespace Sharing.Core;

/// <summary>A program to be confined.</summary>
/// <remarks>It sees <c>/usr</c> and <see cref="ReadOnlyPaths"/>, read-only; a folder of its own, which is its working directory and is gone afterwards; its own
/// processes. It sees no other file, no network, no environment, no terminal.</remarks>
public sealed record ConfinedProgram
{
    /// <summary>The file, in the working directory, that holds what it is given.</summary>
    public const string Input = "input";

    /// <summary>The file, in the working directory, that it leaves its result in: an ordinary file.</summary>
    public const string Output = "output";

    /// <summary>The program: a full path under <c>/usr</c> or <see cref="ReadOnlyPaths"/>, or the path of one of <see cref="Files"/>, with a slash in it.</summary>
    public required string Path { get; init; }

    /// <summary>Its arguments, each handed over as it is: no shell reads them.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Files that it finds in its working directory, and may run. They count as what it is given.</summary>
    public IReadOnlyList<ConfinedFile> Files { get; init; } = [];

    /// <summary>Further files and folders that it may read, by full path.</summary>
    public IReadOnlyList<string> ReadOnlyPaths { get; init; } = [];
}
