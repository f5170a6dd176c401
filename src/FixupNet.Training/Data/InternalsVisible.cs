using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("FixupNet.Training.Tests")]
