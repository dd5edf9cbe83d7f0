namespace Sharing.Photos;

/// <summary>A picture file of which no preview is made.</summary>
public sealed class PictureFormatException(PictureFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Why.</summary>
    public PictureFault Fault { get; } = fault;
}
