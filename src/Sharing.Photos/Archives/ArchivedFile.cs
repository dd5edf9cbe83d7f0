namespace Sharing.Photos;

/// <summary>A file in an archive.</summary>
/// <param name="Name">Its name there: one of its kind, without folders.</param>
/// <param name="Content">Its bytes.</param>
/// <param name="Crc32">Their CRC-32.</param>
/// <param name="Modified">Its time.</param>
readonly record struct ArchivedFile(string Name, ContentInfo Content, uint Crc32, DateTime Modified);
