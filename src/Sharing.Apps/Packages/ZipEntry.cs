namespace Sharing.Apps;

/// <summary>A line of a ZIP file's directory.</summary>
/// <param name="NameStart">Where its name starts in the directory.</param>
/// <param name="NameLength">Bytes of its name.</param>
/// <param name="Flags">General purpose flags: bit 0 encrypted, bit 3 sizes after the data.</param>
/// <param name="Method">8: deflated; else the bytes lie as they are.</param>
/// <param name="Crc">CRC-32 of the content.</param>
/// <param name="Compressed">Bytes in the file.</param>
/// <param name="Size">Bytes of the content.</param>
/// <param name="Header">Where the entry's own header starts in the file.</param>
readonly record struct ZipEntry(int NameStart, int NameLength, ushort Flags, ushort Method, uint Crc, uint Compressed, uint Size, uint Header)
{
    public const ushort Deflated = 8;
}
