namespace Sharing.Photos;

/// <summary>A folder that has been uploaded.</summary>
/// <param name="Folder">The folder at the server.</param>
/// <param name="Uploaded">The photos that came this time.</param>
/// <param name="Known">How many files had come before, and were passed over.</param>
public sealed record FolderUpload(PhotoFolder Folder, IReadOnlyList<PhotoId> Uploaded, int Known);
