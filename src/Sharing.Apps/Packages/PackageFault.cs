namespace Sharing.Apps;

/// <summary>Which part of a package file is at fault.</summary>
public enum PackageFault
{
    /// <summary>The archive: no ZIP file, a damaged one, or one that readers would understand differently.</summary>
    Zip,

    /// <summary>The manifest: missing, damaged, or beyond its bounds.</summary>
    Manifest,

    /// <summary>A signature: one that is there and wrong. A file without any is no fault.</summary>
    Signature,

    /// <summary>The index of a repository, or its entry.</summary>
    Index,
}
