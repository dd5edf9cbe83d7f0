using System.Runtime.CompilerServices;

namespace Sharing.Tests;

static class NativeSqlite
{
#pragma warning disable CA2255 // the test assembly is the application that brings the native library
    [ModuleInitializer]
    public static void Load() => SQLitePCL.Batteries_V2.Init();
#pragma warning restore CA2255
}
