namespace Sharing.Apps;

/// <summary>A package file is not what it should be. Thrown for every fault of the file, and for nothing else: trying again does not help.</summary>
public sealed class PackageFormatException : Exception
{
    internal PackageFormatException(PackageFault reason, string message, Exception? inner = null)
        : base(message, inner) => Reason = reason;

    /// <summary>The part at fault.</summary>
    public PackageFault Reason { get; }
}
