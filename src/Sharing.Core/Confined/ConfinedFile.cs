namespace Sharing.Core;

/// <summary>A file that a confined program finds in its working directory, made of these bytes: whatever happens to other files meanwhile, it is this.</summary>
public sealed record ConfinedFile
{
    /// <summary>A file.</summary>
    /// <param name="path">Its path below the working directory: lower-case letters, digits, dots, hyphens and underscores, with slashes between, and no part of dots alone.</param>
    /// <param name="bytes">Its bytes.</param>
    /// <exception cref="ArgumentException">The path is another.</exception>
    public ConfinedFile(string path, ReadOnlyMemory<byte> bytes)
    {
        if (path.Split('/').Any(static part => part.Length == 0 || part.AsSpan().ContainsAnyExcept("abcdefghijklmnopqrstuvwxyz0123456789.-_") || part[0] is '.' or '-'))
        {
            throw new ArgumentException($"'{path}' is no path that every shell reads alike.", nameof(path));
        }

        (Path, Bytes) = (path, bytes);
    }

    /// <summary>Its path below the working directory.</summary>
    public string Path { get; }

    /// <summary>Its bytes.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }
}
