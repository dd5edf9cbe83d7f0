namespace Sharing.Photos;

/// <summary>Which photos of a person's are meant.</summary>
/// <param name="Folder">Those in a folder; <c>null</c>: in any, or none.</param>
/// <param name="Device">Those that came from a device by themselves; <c>null</c>: from anywhere.</param>
public readonly record struct PhotoFilter(FolderId? Folder = null, string? Device = null);
