namespace Sharing.Photos;

/// <summary>The sizes of previews: the length of their longer side, in pixels.</summary>
public static class PreviewSizes
{
    /// <summary>For mail: at most 10 KB.</summary>
    public const int Mail = 160;

    /// <summary>For lists.</summary>
    public const int List = 256;

    /// <summary>For a whole screen.</summary>
    public const int Screen = 1440;

    /// <summary>All of them, the smallest first.</summary>
    public static IReadOnlyList<int> All { get; } = [Mail, List, Screen];
}
